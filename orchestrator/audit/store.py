"""Audit entries in the session database."""

from __future__ import annotations

from sqlalchemy import select

from orchestrator.audit.tables import AuditRow
from orchestrator.sessions.store import SessionStore


class AuditStore:
    """Entries by session id."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def add(self, row: AuditRow) -> None:
        """Record that something was done or seen."""
        async with self._sessions.transaction() as db:
            db.add(row)

    async def entries(self, session_id: str) -> list[AuditRow]:
        """Everything that was done to a session, in order of time."""
        async with self._sessions.transaction() as db:
            rows = list(
                await db.scalars(select(AuditRow).where(AuditRow.session_id == session_id).order_by(AuditRow.id))
            )
        await self._sessions.texts.open(rows)
        return rows
