"""Scorecards in the session database."""

from __future__ import annotations

import grpc
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from orchestrator.audit.tables import AuditAction, audit_row
from orchestrator.scorecards.tables import ScorecardRow
from orchestrator.sessions.store import SessionStore, touch
from servicekit.errors import ServiceError


class ScorecardStore:
    """Scorecards by session id."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def add(self, row: ScorecardRow) -> None:
        """Record a scorecard. Raises SCORECARD_EXISTS where this person has recorded one."""
        sealing = await self._sessions.texts.sealing(row.session_id)
        try:
            async with self._sessions.transaction() as db:
                await sealing.add(db, row)
                await db.flush()
                db.add(audit_row(row.session_id, row.author, AuditAction.RATED))
                await touch(db, row.session_id)
        except IntegrityError:
            raise _exists() from None
        sealing.open(row)

    async def of(self, session_id: str) -> list[ScorecardRow]:
        """Every scorecard of a session, oldest first."""
        query = select(ScorecardRow).where(ScorecardRow.session_id == session_id)
        async with self._sessions.transaction() as db:
            rows = list(await db.scalars(query.order_by(ScorecardRow.created_at, ScorecardRow.author_id)))
        await self._sessions.texts.open(rows)
        return rows


def _exists() -> ServiceError:
    message = "You have rated this session before. A scorecard stays as it is, so that it is your own."
    return ServiceError(grpc.StatusCode.ALREADY_EXISTS, "SCORECARD_EXISTS", message)
