"""Client of the Interview Assessment System: a typed HTTP client and the `interview` command."""

from interview_client.client import AsyncInterviewClient, InterviewClient
from interview_client.errors import InterviewError
from interview_client.models import NewAnswer, Session, SessionPage, Stage, Status, UrlAnswer, Video

__all__ = [
    "AsyncInterviewClient",
    "InterviewClient",
    "InterviewError",
    "NewAnswer",
    "Session",
    "SessionPage",
    "Stage",
    "Status",
    "UrlAnswer",
    "Video",
]
