"""What is handed in, and what comes back at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypedDict

from interview_client.models.body import Body

LANGUAGES = ("en", "id")
"""Spoken languages that the system knows, ISO 639-1."""
Signal = Literal["page_left", "second_screen", "paste", "device_change"]
"""What a candidate's page can note while it records. It counts in no score."""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """A recorded answer on this machine.

    `reference` is a model answer or key points; `language` is `en` or `id`, empty for the session's.
    """

    path: Path
    question: str
    reference: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class UrlAnswer:
    """A recorded answer that the system downloads: a public http(s) URL or a Google Drive link.

    `position_id` is your own number for it; None: its place from 1. `reference` and `language` as in `NewAnswer`.
    """

    url: str
    question: str
    reference: str = ""
    language: str = ""
    position_id: int | None = None


class SubmitOptions(TypedDict, total=False):
    """What a session can be given besides its answers; empty and None are the same as left out."""

    consent_reference: str
    """Where the candidate's consent is on record; some policies require it."""
    project_score: float | None
    """Of work that was rated elsewhere, 0 to 100."""
    policy: str
    """How measurements become a proposal: see `policies()`."""
    rubric: str
    """What answers are rated by: see `rubrics()`."""
    webhook_url: str
    """Told when the session has ended; `interview_client.webhooks` checks what arrives there."""
    job_id: str
    """The job that it belongs to; what is left out here is the job's."""
    idempotency_key: str
    """Your own name for this submission, up to 200 characters: sent again with the same content, it starts nothing
    twice. With it the client sends again by itself when the connection breaks off."""


class LinkOptions(TypedDict, total=False):
    """What a candidate's link can be given besides its questions."""

    policy: str
    rubric: str
    consent_reference: str
    expires_hours: int
    """How long it works, 1 to 2160; 72 unless given."""
    audio_only: bool
    """Whether the candidate may answer by sound alone."""
    pauses: int
    """How often each recording may be paused, 0 to 10."""
    signals: Sequence[Signal]
    """What the candidate's page notes while it records, and tells the candidate before."""


class Submission(Body):
    """A session that has started."""

    session_id: str
    uploaded_videos: int = 0


class Link(Body):
    """An address under which one candidate hands in their recordings, once, without an account."""

    url: str
    session_id: str
    expire_time: datetime


class ListedLink(Body):
    """A link as it is listed; `state` is `open`, `used`, `expired` or `revoked`. Nothing of the candidate is kept."""

    session_id: str
    state: str
    owner: str = ""
    create_time: datetime
    expire_time: datetime
    revoke_time: datetime | None = None


class LinkPage(Body):
    """A page of links, newest first; `next_page_token` is empty on the last."""

    links: tuple[ListedLink, ...] = ()
    next_page_token: str = ""
