"""Jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from gateway.schemas import Body
from gateway.signals import MAX_PAUSES, Signals

Language = Literal["en", "id"]
Choice = Annotated[str, Field(max_length=64)]


class JobQuestion(Body):
    """A question of a job."""

    text: str = Field(min_length=1, max_length=2000)
    reference: str = Field(default="", max_length=10_000)
    """A model answer or key points; candidates never see it."""
    thinking_s: int = Field(default=30, ge=0, le=600)
    """Time to think before the recording begins, seconds."""
    limit_s: int = Field(default=180, ge=10, le=1800)
    """Longest answer, seconds."""
    retakes: int = Field(default=1, ge=0, le=10)
    """How often an answer may be recorded again."""
    rubric: Choice = ""
    """The name of one of `/v1/rubrics`; empty: the job's."""
    pauses: int = Field(default=0, ge=0, le=MAX_PAUSES)
    """How often the recording of an answer may be paused; what is paused does not count in `limit_s`."""


class JobContent(Body):
    """What candidates of a job are asked, and what holds for them."""

    language: Language = "en"
    """Of questions and answers."""
    questions: list[JobQuestion] = Field(min_length=1, max_length=20)
    rubric: Choice = ""
    """The name of one of `/v1/rubrics`; empty: the judge's own."""
    policy: Choice = ""
    """The name of one of `/v1/policies`; empty: the configured one."""
    consent_text: str = Field(default="", max_length=20_000)
    """What candidates agree to; some policies require it."""
    audio_only: bool = False
    """Whether candidates may answer by sound alone."""
    signals: Signals = Field(default=[])
    """What the candidate's page notes while it records, and tells the candidate before. It counts in no score."""


_EXAMPLE: dict[str, Any] = {
    "title": "Customer service",
    "language": "en",
    "questions": [{"text": "Tell us about a customer who was upset.", "thinking_s": 30, "limit_s": 120}],
    "rubric": "customer_service",
}


class NewJob(JobContent):
    """A job as it is to be."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    title: str = Field(min_length=1, max_length=200)
    close_time: AwareDatetime | None = None
    """Until when people are invited; null: without an end."""
    webhook_url: str = Field(default="", max_length=2000)
    """Told of every event of its candidates; see docs/webhooks.md."""


class ChangedJob(NewJob):
    """What a job becomes: all of it."""

    sha256: str = Field(default="", max_length=64)
    """Of the content that the change was made on: refused where somebody else has changed it since. Empty: not looked
    at."""


class CopyName(Body):
    """A copy's name."""

    title: str = Field(min_length=1, max_length=200)


class InvitationCounts(Body):
    """How many of a job's invitations stand where."""

    created: int
    sent: int
    opened: int
    started: int
    handed_in: int
    expired: int
    revoked: int


class SessionCounts(Body):
    """How many of a job's sessions stand where, and of how many completed ones the decision stands how."""

    pending: int
    running: int
    completed: int
    failed: int
    cancelled: int
    open: int
    decided: int
    contested: int


class Job(JobContent):
    """A job."""

    job_id: str
    title: str
    version: int
    """Of its content, from 1."""
    sha256: str
    """Of that content, hex."""
    freeze_time: datetime | None
    """When somebody saw or answered this version first; from then on a change makes another one. Null: nobody has."""
    owner: str
    """Who made it: the id of a key or of a person who signed in. Empty without sign-in."""
    create_time: datetime
    update_time: datetime
    close_time: datetime | None
    archive_time: datetime | None
    """When it was put away; null: it is not."""
    webhook_url: str
    """Told of every event of its candidates; empty: nothing is."""
    invitations: InvitationCounts
    sessions: SessionCounts


class JobPage(Body):
    """A page of jobs, newest first."""

    jobs: list[Job]
    next_page_token: str
    """Token of the next page; empty on the last."""


class JobTemplate(JobContent):
    """A job to start from."""

    name: str
    title: str


class JobTemplates(Body):
    """Jobs to start from."""

    templates: list[JobTemplate]
