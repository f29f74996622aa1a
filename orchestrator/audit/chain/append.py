"""Appending to the chain: with every audit entry, in the same transaction, as the last thing before it commits.

One row is locked for it, and only from then until the commit; what writes no audit entry never waits. Nothing is locked
after it, so nobody can wait for each other.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import event, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from orchestrator.audit.chain.entry import Fact, fact_of, linked
from orchestrator.audit.chain.tables import ChainHeadRow, ChainRow
from orchestrator.audit.tables import AuditRow

_TO_COME = "chain facts"


def note(db: AsyncSession, fact: Fact) -> None:
    """Append this when the transaction commits."""
    db.sync_session.info.setdefault(_TO_COME, []).append(fact)


@event.listens_for(Session, "transient_to_pending")
def _added(session: Session, row: object) -> None:
    if isinstance(row, AuditRow):
        session.info.setdefault(_TO_COME, []).append(fact_of(row))


@event.listens_for(Session, "after_rollback")
def _undone(session: Session) -> None:
    session.info.pop(_TO_COME, None)


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    facts: list[Fact] = session.info.pop(_TO_COME, [])
    if not facts:
        return
    session.flush()
    # The first statement takes the lock, in PostgreSQL the row's and in SQLite the writers'.
    head = ChainHeadRow
    grown = update(head).where(head.id == 1).values(sequence=head.sequence + len(facts))
    row = session.execute(grown.returning(head.sequence, head.hash, head.salt)).one()
    previous, now, rows = row.hash, datetime.now(UTC), []
    for sequence, fact in enumerate(facts, row.sequence - len(facts) + 1):
        content = fact.content(sequence, row.salt, now)
        previous = linked(previous, content)
        rows.append({"sequence": sequence, "session_id": fact.session_id, "content": content, "hash": previous})
    session.execute(insert(ChainRow), rows)
    session.execute(update(head).where(head.id == 1).values(hash=previous))
