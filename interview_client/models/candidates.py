"""A job's candidates."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from interview_client.models.body import Body


class CandidateFilters(TypedDict, total=False):
    """Which candidates are wanted and in which order; what is left out or empty excludes none."""

    order: str
    """`created`, `name`, `total`, `outcome`, `findings` or `decision`."""
    descending: bool
    """The largest or latest first, as it is unless said."""
    q: str
    """Part of the name."""
    shortlisted: bool
    """Only those on the shortlist."""
    outcome: str
    """`pass`, `consider`, `fail` or `insufficient`: what the result proposes."""
    decision: str
    """`open`, `pass`, `consider`, `fail` or `contested`."""
    findings: str
    """`none` to review, something to `review` or serious, or something `serious`."""
    least_total: float | None
    """At least this total, 0 to 100."""
    most_total: float | None
    """At most this total, 0 to 100."""
    created_after: datetime | None
    """Handed in then or later, with its zone."""
    created_before: datetime | None
    """Handed in before, with its zone."""


class FindingCounts(Body):
    """How many findings there are of each severity, those in gaze left out."""

    info: int = 0
    review: int = 0
    serious: int = 0


class ListedCandidate(Body):
    """A candidate who has handed in.

    `total` is 0 to 100 with its interval; None where there is none. `outcome` is what the result proposes; `decision`
    is `open` until somebody decides, then `pass`, `consider`, `fail`, or `contested`. `shortlist_time` is None where
    they are not on the shortlist; `hidden`: rate the session first, then its figures are seen.
    """

    session_id: str
    candidate_name: str
    state: str = "pending"
    create_time: datetime
    outcome: str | None = None
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None
    findings: FindingCounts | None = None
    decision: str = "open"
    shortlist_time: datetime | None = None
    comments: int = 0
    hidden: bool = False


class TotalCounts(Body):
    """How totals spread: `steps` of ten points each, from 0 to under 10 up to 90 to 100, and those without any."""

    steps: tuple[int, ...] = ()
    not_scored: int = 0


class CandidatePage(Body):
    """A page of candidates; `fitting` and `totals` are of all that fit. `next_page_token` is empty on the last."""

    candidates: tuple[ListedCandidate, ...] = ()
    next_page_token: str = ""
    fitting: int = 0
    totals: TotalCounts = TotalCounts()


class Comment(Body):
    """A person's comment on a session; `deletable`: whether who asks may delete it."""

    comment_id: str
    author: str
    text: str
    create_time: datetime
    deletable: bool = False


class ScorecardRating(Body):
    """How a person rates one answer (`answer_index` from 0) by one criterion: 1 (poor) to 5 (very good)."""

    answer_index: int
    criterion: str
    rating: int


class Scorecard(Body):
    """How a person rates a session; `recommendation` is `pass`, `consider` or `fail`, and decides nothing."""

    author: str = ""
    ratings: tuple[ScorecardRating, ...] = ()
    recommendation: str
    reason: str = ""
    create_time: datetime | None = None


class Agreement(Body):
    """Of how many pairs of ratings how many are the same, and one step of 5 apart at most."""

    compared: int = 0
    same: int = 0
    near: int = 0


class Scorecards(Body):
    """Scorecards, oldest first, and how far people agree with each other and with the machine.

    `rate_first`: who asks has to rate the session first; `rated`: they have.
    """

    rate_first: bool = False
    rated: bool = False
    scorecards: tuple[Scorecard, ...] = ()
    people: Agreement = Agreement()
    machine: Agreement = Agreement()


class Comments(Body):
    """The comments on a session, oldest first."""

    comments: tuple[Comment, ...] = ()
