"""Links, and what is handed in under them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from gateway.schemas import Body

MAX_HOURS = 24 * 90
LinkState = Literal["open", "used", "expired", "revoked"]


class NewLink(Body):
    """What a candidate is asked to hand in."""

    candidate_name: str = Field(min_length=1, max_length=200)
    language: Literal["en", "id"] = "en"
    questions: list[Annotated[str, Field(min_length=1, max_length=2000)]] = Field(min_length=1, max_length=20)
    policy: str = Field(default="", max_length=64)
    rubric: str = Field(default="", max_length=64)
    consent_reference: str = Field(default="", max_length=200)
    expires_hours: int = Field(default=72, ge=1, le=MAX_HOURS)


class Link(Body):
    """A link for one candidate and one session."""

    url: str
    """To send to the candidate. Who has it can hand in recordings once, and see nothing."""
    session_id: str
    """The session that the recordings will become."""
    expire_time: datetime


class ListedLink(Body):
    """A link as it is listed: without its address, which only who made it has, and without the candidate."""

    session_id: str
    """The session that the recordings become; the link is ended under this id."""
    state: LinkState
    owner: str
    """Who made it: the id of a key or of a person who signed in. Empty without sign-in."""
    create_time: datetime
    expire_time: datetime
    revoke_time: datetime | None


class LinkPage(Body):
    """A page of links."""

    links: list[ListedLink]
    next_page_token: str
    """Empty on the last page."""


class AskedQuestion(Body):
    """A question as a candidate sees it."""

    text: str
    thinking_s: int | None = None
    """Time to think before the recording begins, seconds; null: as long as they like."""
    limit_s: int | None = None
    """Longest answer, seconds; null: as long as it takes."""
    retakes: int | None = None
    """How often the answer may be recorded again; null: as often as they like."""


class Consent(Body):
    """What the candidate agrees to."""

    text: str
    language: str
    sha256: str
    """Of the text in UTF-8, hex: what was agreed to can be told from it later."""


class Opened(Body):
    """What the candidate sees."""

    candidate_name: str
    title: str
    """What the job is called; empty where the link is to none."""
    language: str
    questions: list[AskedQuestion]
    consent: Consent | None
    """Null where the job has no text of its own."""
    expire_time: datetime
    used: bool
    """Whether the recordings were handed in already."""


class HandIn(Body):
    """Finished uploads, one for each question, in their order."""

    upload_ids: list[Annotated[str, Field(max_length=32)]] = Field(min_length=1, max_length=20)


class HandedIn(Body):
    """Thank you."""

    videos: int
