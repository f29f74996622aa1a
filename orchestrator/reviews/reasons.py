"""Reasons of decisions: sealed in the audit chain for ever, their text kept beside it as long as somebody may sue.

The chain may hold nobody's words. It has the SHA-256 of a random nonce and the text: whoever has both can show that
this was the reason then, and whoever has only the chain learns nothing of it, not even by guessing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact, canonical
from orchestrator.reviews.tables import DecisionReasonRow, ReviewRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow

REASONED = "reasoned"
"""The chain's entry about a reason; its details: `sha256` and the hash."""


def seal(nonce: str, text: str) -> str:
    """SHA-256 of nonce, line feed and text; hex."""
    return hashlib.sha256(f"{nonce}\n{text}".encode()).hexdigest()


def keep(db: AsyncSession, review: ReviewRow, kept: timedelta) -> None:
    """Keep the reason of a decision, and seal it in the chain when the transaction commits."""
    overrides = [{"answer": each["answer_index"], **_said(each)} for each in review.overrides or []]
    text = canonical({"decision": review.decision, "reason": review.reason, "overrides": overrides})
    nonce = secrets.token_hex(32)
    row = DecisionReasonRow(
        session_id=review.session_id,
        at=review.created_at,
        decision=review.decision,
        reason=text,
        nonce=nonce,
        ends_at=review.created_at + kept,
    )
    db.add(row)
    details = f"sha256 {seal(nonce, text)}"
    note(db, Fact(review.session_id, review.reviewer, REASONED, details=details, named=True))


class Reasons:
    """Reasons by session id, also of sessions that were deleted."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def of(self, session_id: str) -> Sequence[DecisionReasonRow]:
        """In order of time; none once their time is over."""
        query = select(DecisionReasonRow).where(DecisionReasonRow.session_id == session_id)
        async with self._sessions.transaction() as db:
            return list(await db.scalars(query.order_by(DecisionReasonRow.id)))

    async def forget_ended(self) -> int:
        """Delete those whose time is over and whose session is gone; returns how many."""
        over = DecisionReasonRow.ends_at <= datetime.now(UTC)
        gone = DecisionReasonRow.session_id.not_in(select(SessionRow.id))
        async with self._sessions.transaction() as db:
            found = await db.execute(delete(DecisionReasonRow).where(over, gone))
        return int(found.rowcount)  # type: ignore[attr-defined]


def _said(override: dict[str, object]) -> dict[str, object]:
    return {name: override[name] for name in ("kind", "target", "value", "reason") if name in override}
