"""Client of the Interview Assessment System: a typed HTTP client and the `interview` command."""

from interview_client.client import AsyncInterviewClient, InterviewClient
from interview_client.errors import InterviewError
from interview_client.models import (
    AssessedAnswer,
    Audit,
    Finding,
    Link,
    NewAnswer,
    Override,
    Policy,
    Review,
    Rubric,
    Session,
    SessionPage,
    Stage,
    Status,
    Translation,
    UrlAnswer,
    Video,
)

__all__ = [
    "AssessedAnswer",
    "AsyncInterviewClient",
    "Audit",
    "Finding",
    "InterviewClient",
    "InterviewError",
    "Link",
    "NewAnswer",
    "Override",
    "Policy",
    "Review",
    "Rubric",
    "Session",
    "SessionPage",
    "Stage",
    "Status",
    "Translation",
    "UrlAnswer",
    "Video",
]
