"""What goes to the gateway and what comes back."""

from interview_client.models.choices import Me, Policies, Policy, Rubric, RubricCriterion, Rubrics
from interview_client.models.results import (
    Answers,
    AssessedAnswer,
    Finding,
    Findings,
    Rated,
    SoFar,
    Spoken,
    Translation,
)
from interview_client.models.sessions import Audit, AuditEntry, Deleted, Filters, Override, Review, Session, SessionPage
from interview_client.models.status import Outcome, Problem, Stage, Status, Video
from interview_client.models.submission import (
    LANGUAGES,
    Link,
    LinkOptions,
    NewAnswer,
    Submission,
    SubmitOptions,
    UrlAnswer,
)

__all__ = [
    "LANGUAGES",
    "Answers",
    "AssessedAnswer",
    "Audit",
    "AuditEntry",
    "Deleted",
    "Filters",
    "Finding",
    "Findings",
    "Link",
    "LinkOptions",
    "Me",
    "NewAnswer",
    "Outcome",
    "Override",
    "Policies",
    "Policy",
    "Problem",
    "Rated",
    "Review",
    "Rubric",
    "RubricCriterion",
    "Rubrics",
    "Session",
    "SessionPage",
    "SoFar",
    "Spoken",
    "Stage",
    "Status",
    "Submission",
    "SubmitOptions",
    "Translation",
    "UrlAnswer",
    "Video",
]
