"""A job's candidates."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import Body

Outcome = Literal["pass", "consider", "fail", "insufficient"]
Decision = Literal["open", "pass", "consider", "fail", "contested"]
Findings = Literal["none", "review", "serious"]
Order = Literal["created", "name", "total", "outcome", "findings", "decision"]


class FindingCounts(Body):
    """How many findings there are of each severity; those in gaze are left out, since gaze alone never counts."""

    info: int
    review: int
    serious: int


class Candidate(Body):
    """A candidate who has handed in: their session in a line."""

    session_id: str
    candidate_name: str
    state: str
    """Of the session: `pending`, `running`, `completed`, `failed` or `cancelled`."""
    create_time: datetime
    """When they handed in."""
    outcome: Outcome | None
    """What the result proposes; null without one. Only a person decides."""
    total: float | None = Field(ge=0, le=100)
    """Total score of 100; null without one."""
    total_low: float | None = Field(ge=0, le=100)
    """Lower end of the total's interval; null where it is not known."""
    total_high: float | None = Field(ge=0, le=100)
    """Upper end of that interval."""
    findings: FindingCounts | None
    """Null without a result."""
    decision: Decision
    """`open` until somebody decides, then what was decided last, or `contested`."""
    shortlist_time: datetime | None
    """When a person put them on the shortlist; null: they are not on it."""
    comments: int
    """How many there are on their session."""
    hidden: bool
    """Whether proposal, scores and findings are hidden from who asks until they have rated the session."""


class TotalCounts(Body):
    """How total scores of 100 spread."""

    steps: list[int] = Field(examples=[[0, 0, 1, 2, 5, 9, 14, 8, 3, 1]])
    """How many lie in each step of ten points: from 0 to under 10, up to 90 to 100."""
    not_scored: int
    """How many have no total."""


class CandidatePage(Body):
    """A page of candidates, and what holds for all that fit."""

    candidates: list[Candidate]
    next_page_token: str
    """Token of the next page in the same order; empty on the last."""
    fitting: int
    """How many candidates fit, on all pages."""
    totals: TotalCounts
