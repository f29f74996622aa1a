"""Reasons of decisions: sealed in the audit chain for ever, their text kept beside it as long as somebody may sue.

The chain may hold nobody's words. It has the SHA-256 of a random nonce and the text: whoever has both can show that
this was the reason then, and whoever has only the chain learns nothing of it, not even by guessing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact, canonical
from orchestrator.audit.tables import DecisionReasonRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow

REASONED = "reasoned"
"""The chain's entry about a reason; its details: `sha256` and the hash."""


def seal(nonce: str, text: str) -> str:
    """SHA-256 of nonce, line feed and text; hex."""
    return hashlib.sha256(f"{nonce}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its reason and its overrides with theirs."""

    session_id: str
    reviewer: str
    decision: str
    reason: str
    overrides: Sequence[Mapping[str, object]]
    at: datetime

    @property
    def text(self) -> str:
        """What is sealed: canonical JSON."""
        overrides = [dict(each) for each in self.overrides]
        return canonical({"decision": self.decision, "reason": self.reason, "overrides": overrides})


def keep(db: AsyncSession, decided: Decided, kept: timedelta) -> None:
    """Keep the reason of a decision, and seal it in the chain when the transaction commits."""
    nonce, text = secrets.token_hex(32), decided.text
    row = DecisionReasonRow(
        session_id=decided.session_id,
        at=decided.at,
        decision=decided.decision,
        reason=text,
        nonce=nonce,
        ends_at=decided.at + kept,
    )
    db.add(row)
    details = f"sha256 {seal(nonce, text)}"
    note(db, Fact(decided.session_id, decided.reviewer, REASONED, details=details, named=True))


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
