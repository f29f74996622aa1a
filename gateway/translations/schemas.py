"""A translation."""

from __future__ import annotations

from pydantic import Field

from gateway.schemas import Body
from gateway.sessions.schemas import Problem


class Translation(Body):
    """An answer in the other language, or where that stands."""

    state: str = Field(examples=["completed"])
    """`pending`, `running`, `completed`, `failed` or `skipped` (stopped)."""
    language: str = Field(examples=["id"])
    """The language that it is translated into."""
    text: str | None
    """Null until it is there; empty where nobody could translate it."""
    grade: str | None = Field(examples=["gist"])
    """`full`; `gist`, which conveys the meaning and is not to be quoted; `none`. Null until it is there."""
    mismatches: list[str]
    """Numbers and names that stand on one side only."""
    error: Problem | None
