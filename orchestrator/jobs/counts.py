"""How many sessions of jobs stand where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from interview.jobs.v1 import jobs_service_pb2 as pb
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.database import open_sessions
from orchestrator.sessions.states import SessionState
from orchestrator.sessions.tables import SessionRow


class InvitationCounting(Protocol):
    """Whoever knows how many invitations of jobs stand where."""

    async def counts(self, job_ids: Sequence[str]) -> Mapping[str, pb.InvitationCounts]:
        """By job; those without any may be missing."""


class SessionCounting:
    """Counts sessions of jobs by state, and the completed ones by decision."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others."""
        self._sessions = open_sessions(engine)

    async def counts(self, job_ids: Sequence[str]) -> dict[str, pb.SessionCounts]:
        """By job; those without any are missing."""
        columns = SessionRow.job_id, SessionRow.state, SessionRow.review_state
        query = select(*columns, func.count()).where(SessionRow.job_id.in_(job_ids)).group_by(*columns)
        found: dict[str, pb.SessionCounts] = {}
        async with self._sessions() as db:
            for job_id, state, decision, count in await db.execute(query):
                _add(found.setdefault(job_id, pb.SessionCounts()), state, count)
                if state == SessionState.COMPLETED:
                    _add(found[job_id], decision, count)
        return found


def _add(counts: pb.SessionCounts, state: str, count: int) -> None:
    name = state.lower()
    setattr(counts, name, getattr(counts, name) + count)
