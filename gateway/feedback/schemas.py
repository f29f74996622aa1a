"""What a candidate finds under their link once their answers were submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import Body


class SentLetter(Body):
    """The letter that the candidate was sent."""

    text: str
    language: str
    sender: str
    """Who sent it."""
    send_time: datetime | None


class Feedback(Body):
    """Where the candidate's application stands, as far as it concerns them."""

    candidate_name: str
    language: str
    letter: SentLetter | None
    """Null until a person has sent one."""
    state: Literal["open", "decided", "contested"]
    """Whether a person has decided, and whether the candidate objects to that; not what was decided."""
    objection: str
    """What the candidate objected last, under this link; empty where they never did."""
    contest_time: datetime | None
    """When; null once a person has decided anew."""


class Objection(Body):
    """A candidate's objection to a decision."""

    objection: str = Field(min_length=1, max_length=4000)
