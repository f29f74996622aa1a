"""Which of a job's candidates are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from interview.jobs.v1 import jobs_service_pb2 as pb
from sqlalchemy import ColumnElement, case, func, select

from orchestrator.candidates.figures import Figures
from orchestrator.jobs.wire import moment
from orchestrator.reviews.tables import ReviewRow, ReviewState
from orchestrator.sessions.request import MAX_NAME, check_text
from orchestrator.sessions.search import search_key
from orchestrator.sessions.tables import SessionRow
from servicekit.enums import short_name
from servicekit.errors import field_invalid

ALL = Figures()


def standing() -> ColumnElement[str]:
    """Where the decision about a session stands: `OPEN`, `CONTESTED`, or what was decided last in upper case."""
    decided = select(func.upper(ReviewRow.decision)).where(ReviewRow.session_id == SessionRow.id)
    last = decided.order_by(ReviewRow.id.desc()).limit(1).correlate(SessionRow).scalar_subquery()
    return case(
        (SessionRow.review_state == ReviewState.CONTESTED, "CONTESTED"),
        (SessionRow.review_state == ReviewState.DECIDED, func.coalesce(last, "OPEN")),
        else_="OPEN",
    )


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """What is asked for, with every field checked; what is empty does not matter."""

    job_id: str
    owner: str = ""
    text: str = ""
    outcome: str = ""
    decision: str = ""
    findings: int = 0
    least_total: float | None = None
    most_total: float | None = None
    after: datetime | None = None
    before: datetime | None = None
    shortlisted: bool = False
    figures: Figures = ALL

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """For a query over sessions."""
        yield SessionRow.job_id == self.job_id
        if self.owner:
            yield SessionRow.owner == self.owner
        if self.text:
            yield SessionRow.candidate_search.contains(search_key(self.text), autoescape=True)
        if self.outcome:
            yield self.figures.outcome == self.outcome
        if self.decision:
            yield standing() == self.decision
        if self.shortlisted:
            yield SessionRow.shortlisted_at.is_not(None)
        if self.findings:
            yield self.figures.outcome != ""
            yield self._found()
        yield from self._ranges()

    def _found(self) -> ColumnElement[bool]:
        if self.findings == pb.CANDIDATE_FINDINGS_SERIOUS:
            return self.figures.serious > 0
        some = (self.figures.review > 0) | (self.figures.serious > 0)
        return some if self.findings == pb.CANDIDATE_FINDINGS_REVIEW else ~some

    def _ranges(self) -> Iterator[ColumnElement[bool]]:
        if self.least_total is not None:
            yield self.figures.total >= self.least_total
        if self.most_total is not None:
            yield self.figures.total <= self.most_total
        if self.after is not None:
            yield SessionRow.created_at >= self.after
        if self.before is not None:
            yield SessionRow.created_at < self.before


def candidate_filter(request: pb.ListCandidatesRequest) -> CandidateFilter:
    """Which candidates are wanted. Raises FIELD_INVALID."""
    check_text("query", request.query, 0, MAX_NAME)
    check_text("owner", request.owner, 0, MAX_NAME)
    check_text("viewer_id", request.viewer_id, 0, MAX_NAME)
    kinds = {"outcome": pb.Outcome, "decision": pb.CandidateDecision, "findings": pb.CandidateFindings}
    for name, kind in kinds.items():
        if getattr(request, name) not in kind.values():
            raise field_invalid(name, "must be one of its values")
    outcome = short_name(pb.Outcome.DESCRIPTOR, request.outcome) if request.outcome else ""
    decision = short_name(pb.CandidateDecision.DESCRIPTOR, request.decision) if request.decision else ""
    return CandidateFilter(
        request.job_id,
        request.owner,
        request.query.strip(),
        outcome.lower(),
        decision,
        request.findings,
        _score(request, "least_total"),
        _score(request, "most_total"),
        _moment(request, "created_after"),
        _moment(request, "created_before"),
        request.shortlisted,
        Figures(request.viewer_id),
    )


def _score(request: pb.ListCandidatesRequest, name: str) -> float | None:
    if not request.HasField(name):  # type: ignore[arg-type]
        return None
    value = float(getattr(request, name))
    if not 0 <= value <= 100:
        raise field_invalid(name, "must be 0 to 100")
    return value


def _moment(request: pb.ListCandidatesRequest, name: str) -> datetime | None:
    return moment(name, getattr(request, name)) if request.HasField(name) else None  # type: ignore[arg-type]
