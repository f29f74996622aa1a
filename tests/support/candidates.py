"""Candidates of a job as rows of a real orchestrator's database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestrator.api import Orchestrator
from orchestrator.reviews.tables import ReviewRow, ReviewState
from orchestrator.sessions.states import AnswerState, SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """A candidate; `findings` are for information, to review and serious."""

    name: str
    outcome: str = ""
    total: float | None = None
    findings: tuple[int, int, int] = (0, 0, 0)
    decision: str = ""
    contested: bool = False


CANDIDATES = (
    Made("Ani", "pass", 82.5, (1, 0, 0)),
    Made("Budi", "consider", 61.0, (0, 2, 0), decision="pass"),
    Made("Citra", "fail", 41.0, (3, 0, 1), decision="fail", contested=True),
    Made("Dewi", "insufficient"),
    Made("Eka"),
    Made("Fajar", "pass", 100.0, (0, 1, 1), decision="consider"),
)
"""The fifth one's session still runs; each handed in a day after the one before."""


async def seed(
    orchestrator: Orchestrator, job_id: str, people: tuple[Made, ...] = CANDIDATES, first: int = 1, **columns: Any
) -> dict[str, str]:
    """Record candidates of a job; returns the ids of their sessions by name."""
    ids = {made.name: f"{place:032x}" for place, made in enumerate(people, first)}
    for place, made in enumerate(people):
        await _create(orchestrator._store, ids[made.name], made, START + timedelta(days=place), job_id, columns)
    return ids


async def _create(
    store: SessionStore, session_id: str, made: Made, at: datetime, job_id: str, columns: dict[str, Any]
) -> None:
    info, review, serious = made.findings
    answer = AnswerRow(index=0, position_id=1, question="Mengapa?", language="id", state=AnswerState.COMPLETED)
    row = SessionRow(
        id=session_id,
        request_sha256="0" * 64,
        candidate_name=made.name,
        language="id",
        state=SessionState.COMPLETED if made.outcome else SessionState.RUNNING,
        created_at=at,
        updated_at=at,
        started_at=at,
        ended_at=at if made.outcome else None,
        job_id=job_id,
        job_version=1,
        outcome=made.outcome,
        total=made.total,
        total_low=None if made.total is None else max(made.total - 8, 0),
        total_high=None if made.total is None else min(made.total + 6, 100),
        info_findings=info,
        review_findings=review,
        serious_findings=serious,
        review_state=_state(made),
        answers=[answer],
        reviews=[decided(name, at) for name in ("fail", made.decision) if made.decision],
        **columns,
    )
    assert await store.create(row)


def _state(made: Made) -> ReviewState:
    if made.contested:
        return ReviewState.CONTESTED
    return ReviewState.DECIDED if made.decision else ReviewState.OPEN


def decided(decision: str, at: datetime) -> ReviewRow:
    """The last one counts, whatever was decided before."""
    return ReviewRow(
        reviewer="Rina", decision=decision, reason="Why.", proposal="consider", result_sha256="", created_at=at
    )
