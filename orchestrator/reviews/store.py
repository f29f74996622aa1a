"""Decisions and objections in the session database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.reasons import Decided, keep
from orchestrator.audit.tables import REASONS, AuditAction, audit_row
from orchestrator.events.outbox import announcements
from orchestrator.playback.store import end as end_playback
from orchestrator.reviews.tables import ReviewRow, ReviewState
from orchestrator.sessions.store import SessionStore, touch
from orchestrator.sessions.tables import SessionRow

REASONS_KEPT = timedelta(days=183)
"""Six months, as long as logs of high-risk systems in the EU at least (AI Act 26 (6))."""


class ReviewStore:
    """What people decided, by session id."""

    def __init__(self, sessions: SessionStore, reasons_kept: timedelta = REASONS_KEPT) -> None:
        """Share a database with the sessions; reasons outlive those for so long."""
        self._sessions, self._reasons_kept = sessions, reasons_kept

    async def add(self, row: ReviewRow) -> None:
        """Record a decision; the session is decided by it, and what can be played until then is over."""
        overrides = row.overrides or []
        decided = Decided(row.session_id, row.reviewer, row.decision, row.reason, overrides, row.created_at)
        texts = self._sessions.texts
        sealing, kept = await texts.sealing(row.session_id), await texts.sealing_anew(f"{REASONS}/{row.session_id}")
        async with self._sessions.transaction() as db:
            await sealing.add(db, row)
            if (session := await db.get(SessionRow, row.session_id)) is not None:
                db.add_all(announcements("decided", session.told))
            db.add(audit_row(row.session_id, row.reviewer, AuditAction.DECIDED, details=row.decision))
            await keep(db, decided, self._reasons_kept, kept)
            await self._set_state(db, row.session_id, review_state=ReviewState.DECIDED, contested_at=None)
            # After the session's row is locked: what is recorded as playable now is seen here, or sees the decision.
            await end_playback(db, row.session_id, row.created_at)
        sealing.open(row)

    async def add_objection(self, session_id: str, actor: str, objection: str, by_link: bool = False) -> bool:
        """Open a decided session again; False when it is not decided. The audit keeps what every objection says."""
        sealing = await self._sessions.texts.sealing(session_id)
        words = sealing.value(SessionRow, "objection", (session_id,), objection)
        contested = {"review_state": ReviewState.CONTESTED, "objection": words, "contested_at": datetime.now(UTC)}
        contested["objected_by_link"] = by_link
        async with self._sessions.transaction() as db:
            if not await self._set_state(db, session_id, before=ReviewState.DECIDED, **contested):
                return False
            await sealing.add(db, audit_row(session_id, actor, AuditAction.CONTESTED, details=objection))
        return True

    async def _set_state(
        self, db: AsyncSession, session_id: str, *, before: ReviewState | None = None, **values: object
    ) -> bool:
        query = update(SessionRow).where(SessionRow.id == session_id)
        if before is not None:
            query = query.where(SessionRow.review_state == before)
        changed = await db.execute(query.values(**values))
        await touch(db, session_id)
        return bool(changed.rowcount)  # type: ignore[attr-defined]
