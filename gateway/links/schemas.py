"""Links, and what is handed in under them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from gateway.consents.schemas import AskedQuestion, Receipt, Text
from gateway.schemas import Body
from gateway.signals import MAX_PAUSES, Signal, Signals

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
    audio_only: bool = False
    """Whether the candidate may answer by sound alone."""
    pauses: int = Field(default=0, ge=0, le=MAX_PAUSES)
    """How often the recording of each answer may be paused; what is paused does not count in its length."""
    signals: Signals = Field(default=[])
    """What the candidate's page notes while it records, and tells the candidate before. It counts in no score."""
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


class Opened(Body):
    """What the candidate sees."""

    candidate_name: str
    title: str
    """What the job is called; empty where the link is to none."""
    language: str
    questions: list[AskedQuestion]
    expire_time: datetime
    audio_only: bool
    """Whether sound alone is enough."""
    signals: list[Signal]
    """What the page notes while it records, as the information says."""
    used: bool
    """Whether the recordings were handed in already."""
    kept_hours: float
    """How long a recording waits after its last byte to be handed in."""
    information: Text
    """What this is, who sees it, what is measured, how long it is kept, who decides, how to object."""
    consent: Text
    """The job's own text where it has one."""
    pledge: str
    """What the candidate promises."""
    receipt: Receipt | None
    """Of the consent that was given under this link."""


class HandIn(Body):
    """Finished uploads, one for each question, in their order."""

    upload_ids: list[Annotated[str, Field(max_length=32)]] = Field(min_length=1, max_length=20)


class HandedIn(Body):
    """Thank you."""

    videos: int
