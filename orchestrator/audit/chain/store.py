"""The chain in the session database: reads are recorded, parts are given out, its head is signed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact
from orchestrator.audit.chain.signing import Signer
from orchestrator.audit.chain.tables import AnchorRow, ChainHeadRow, ChainRow
from orchestrator.audit.tables import DecisionReasonRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow

READ = "read"
ANYBODY = "anybody"
"""Who reads where nobody signs in."""

DAY = timedelta(days=1)


LOOKED_BACK = 1000
"""Entries of a session among which one that stands for another is looked for."""


class ChainStore:
    """Entries in their order."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def record_read(
        self, session_id: str, actor: str, what: str, answer_index: int | None, once_within: timedelta = timedelta(0)
    ) -> bool:
        """Append that somebody reads, unless the same was appended within `once_within` before; False where there is
        no such session.
        """
        fact = Fact(session_id, actor or ANYBODY, READ, answer_index, what)
        async with self._sessions.transaction() as db:
            known = not session_id or await db.scalar(select(SessionRow.id).where(SessionRow.id == session_id))
            if not known:  # reasons of decisions outlive their session
                reasons = select(DecisionReasonRow.id).where(DecisionReasonRow.session_id == session_id)
                known = await db.scalar(reasons.limit(1))
            if known and not (once_within and await _appended(db, fact, datetime.now(UTC) - once_within)):
                note(db, fact)
        return bool(known)

    async def after(self, sequence: int, most: int) -> Sequence[ChainRow]:
        """Up to `most` entries that follow, in their order."""
        query = select(ChainRow).where(ChainRow.sequence > sequence).order_by(ChainRow.sequence).limit(most)
        async with self._sessions.transaction() as db:
            return list(await db.scalars(query))

    async def anchors(self) -> list[str]:
        """Signed heads, oldest first."""
        async with self._sessions.transaction() as db:
            return list(await db.scalars(select(AnchorRow.head).order_by(AnchorRow.sequence)))

    async def anchor(self, signer: Signer, organisation: str) -> str:
        """Sign the head of an organisation's chain as it is, and keep that."""
        now = datetime.now(UTC)
        known = select(ChainHeadRow.sequence, ChainHeadRow.hash).where(ChainHeadRow.organisation == organisation)
        async with self._sessions.transaction() as db:
            sequence, digest = (await db.execute(known)).one()
            values = {"kind": "audit-head", "sequence": sequence, "hash": digest, "at": now.isoformat()}
            head = signer.signed(values)
            await db.merge(AnchorRow(organisation=organisation, sequence=sequence, at=now, head=head))
        return head

    async def anchor_daily(self, signer: Signer) -> int:
        """Sign the head of each chain unless that was done within a day; returns of how many it was."""
        lately = select(AnchorRow.organisation).where(AnchorRow.at > datetime.now(UTC) - DAY)
        due = select(ChainHeadRow.organisation).where(ChainHeadRow.organisation.not_in(lately))
        async with self._sessions.transaction() as db:
            organisations = list(await db.scalars(due.order_by(ChainHeadRow.organisation)))
        for organisation in organisations:
            await self.anchor(signer, organisation)
        return len(organisations)


async def _appended(db: AsyncSession, fact: Fact, since: datetime) -> bool:
    """Whether the chain says this already, since then."""
    rows = select(ChainRow.content).where(ChainRow.session_id == fact.session_id)
    for content in await db.scalars(rows.order_by(ChainRow.sequence.desc()).limit(LOOKED_BACK)):
        entry = json.loads(content)
        if datetime.fromisoformat(entry["at"]) < since:
            return False
        if (entry["actor"], entry["action"], entry["answer_index"], entry["details"]) == (
            fact.actor,
            fact.action,
            fact.answer_index,
            fact.details,
        ):
            return True
    return False
