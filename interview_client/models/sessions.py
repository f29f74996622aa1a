"""Sessions as recorded, decisions about them, and what was done to them."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from interview_client.models.body import Body
from interview_client.models.status import Video


class Filters(TypedDict, total=False):
    """Which sessions are wanted; what is left out or empty excludes none."""

    q: str
    """Part of the candidate's name or of the session's id."""
    state: str
    """`pending`, `running`, `completed`, `failed` or `cancelled`."""
    review_state: str
    """`open`, `decided` or `contested`."""
    job_id: str
    """Of this job."""


class Override(Body):
    """A figure or finding that a person sees differently.

    `kind` is `finding_dismissed` (`target`: type@start), `score` (`target`: the criterion, `value`: 0 to 100) or
    `verdict` (`value`: the verdict); `reason` says why.
    """

    answer_index: int
    kind: str
    target: str = ""
    value: str = ""
    reason: str


class Review(Body):
    """A person's decision: `pass`, `consider` or `fail`; `proposal` is what the system had proposed."""

    reviewer: str
    decision: str
    reason: str = ""
    overrides: tuple[Override, ...] = ()
    create_time: datetime | None = None
    proposal: str = ""
    result_sha256: str = ""


class Session(Body):
    """A session as recorded.

    `state` is `pending`, `running`, `completed`, `failed` or `cancelled`; `review_state` is `open`, `decided` or
    `contested`, with the candidate's `objection` (`objected_by_link`: written by themselves, under their link);
    `translating` is of how many answers the translation follows; `job_id` is empty where it belongs to no job,
    `shortlist_time` None where the candidate is not on the shortlist; `blind`: reviewers rate it by themselves first.
    """

    session_id: str
    candidate_name: str = ""
    language: str = ""
    state: str = "pending"
    message: str = ""
    consent_reference: str = ""
    create_time: datetime | None = None
    update_time: datetime | None = None
    end_time: datetime | None = None
    retention_end_time: datetime | None = None
    results_url: str | None = None
    policy: str = ""
    rubric: str = ""
    review_state: str = "open"
    review: Review | None = None
    objection: str = ""
    objected_by_link: bool = False
    contest_time: datetime | None = None
    shortlist_time: datetime | None = None
    blind: bool = False
    translating: int = 0
    job_id: str = ""
    job_version: int = 0
    answers: tuple[Video, ...] = ()


class SessionPage(Body):
    """A page of sessions, newest first; `next_page_token` is empty on the last."""

    sessions: tuple[Session, ...] = ()
    next_page_token: str = ""


class AuditEntry(Body):
    """Something that was done to a session or seen of it; `actor` is a person's name or `system`."""

    time: datetime | None = None
    actor: str = ""
    action: str
    answer_index: int | None = None
    details: str = ""


class Audit(Body):
    """What was done to a session, and every decision, in order of time."""

    entries: tuple[AuditEntry, ...] = ()
    reviews: tuple[Review, ...] = ()


class Deleted(Body):
    """What went with a session."""

    deleted_objects: int = 0
