"""Reasons of decisions: sealed in the audit chain for ever, their text kept beside it as long as somebody may sue.

The chain may hold nobody's words. It has the SHA-256 of a random nonce and the text: whoever has both can show that
this was the reason then, and whoever has only the chain learns nothing of it, not even by guessing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact, canonical
from orchestrator.audit.tables import REASONS, DecisionReasonRow
from orchestrator.ownership import everybody
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.texts.sealing import Sealing
from orchestrator.vault.tables import DataKeyRow

REASONED = "reasoned"
"""The chain's entry about a reason; its details: `sha256` and the hash."""

SETTLED = timedelta(hours=1)


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


async def keep(db: AsyncSession, decided: Decided, kept: timedelta, sealing: Sealing) -> None:
    """Keep the reason of a decision, encrypted, and seal it in the chain when the transaction commits."""
    nonce, text = secrets.token_hex(32), decided.text
    row = DecisionReasonRow(
        session_id=decided.session_id,
        at=decided.at,
        decision=decided.decision,
        reason=text,
        nonce=nonce,
        ends_at=decided.at + kept,
    )
    await sealing.add(db, row)
    details = f"sha256 {seal(nonce, text)}"
    note(db, Fact(decided.session_id, decided.reviewer, REASONED, details=details, named=True))


def _of_none(ended: Iterable[str]) -> Sequence[ColumnElement[bool]]:
    """Keys of reasons that are not there; one that was made just now may be for a reason that is to come, unless its
    session is among those whose time has `ended`.
    """
    own_id = func.substr(DataKeyRow.folder, len(f"{REASONS}/") + 1)
    settled = (DataKeyRow.created_at < datetime.now(UTC) - SETTLED) | own_id.in_(ended)
    return DataKeyRow.folder.startswith(f"{REASONS}/"), settled, own_id.not_in(select(DecisionReasonRow.session_id))


class Reasons:
    """Reasons by session id, also of sessions that were deleted."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def of(self, session_id: str) -> Sequence[DecisionReasonRow]:
        """In order of time; none once their time is over."""
        query = select(DecisionReasonRow).where(DecisionReasonRow.session_id == session_id)
        async with self._sessions.transaction() as db:
            rows = list(await db.scalars(query.order_by(DecisionReasonRow.id)))
        await self._sessions.texts.open(rows)
        return rows

    async def forget_ended(self) -> int:
        """Delete those whose time is over and whose session is gone, and keys of none; returns how many."""
        over = DecisionReasonRow.ends_at <= datetime.now(UTC)
        gone = DecisionReasonRow.session_id.not_in(select(SessionRow.id))
        with everybody():
            async with self._sessions.transaction() as db:
                ended = delete(DecisionReasonRow).where(over, gone).returning(DecisionReasonRow.session_id)
                found = list(await db.scalars(ended))
                await db.execute(delete(DataKeyRow).where(*_of_none(found)))
        return len(found)
