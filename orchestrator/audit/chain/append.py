"""Appending to an organisation's chain: with every audit entry, in its transaction, last before the commit.

One row is locked for it, and only from then until the commit; what writes no audit entry never waits. Nothing is locked
after it, so nobody can wait for each other.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from sqlalchemy import Table, bindparam, column, event, insert, select, table, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from orchestrator.audit.chain.entry import Fact, fact_of, linked
from orchestrator.audit.chain.tables import ChainHeadRow, ChainRow
from orchestrator.audit.tables import AuditRow
from orchestrator.ownership import NotTheirs, acting
from servicekit.organisation import DEFAULT

_TO_COME = "chain facts"
SESSIONS = table("sessions", column("id"), column("organisation"))
"""Of the feature that writes its audit entries with this."""

# Made once, and without the objects of rows: every submission appends several times, one after the other.
HEADS, ENTRIES = (cast(Table, row.__table__) for row in (ChainHeadRow, ChainRow))
_THEIRS = HEADS.c.organisation == bindparam("theirs")
GROW = update(HEADS).where(_THEIRS).values(sequence=HEADS.c.sequence + bindparam("added"))
TAKE = GROW.returning(HEADS.c.sequence, HEADS.c.hash, HEADS.c.salt)
LINK, CLOSE = insert(ENTRIES), update(HEADS).where(_THEIRS).values(hash=bindparam("last"))


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
    by_organisation: dict[str, list[Fact]] = {}
    for fact in facts:
        by_organisation.setdefault(fact.organisation or _owner(session, fact), []).append(fact)
    for organisation in sorted(by_organisation):  # in one order, so that nobody waits for each other
        _extend(session, organisation, by_organisation[organisation])


def _owner(session: Session, fact: Fact) -> str:
    """Whose chain: the caller's organisation, or the session's where workers act for everybody."""
    query = select(SESSIONS.c.organisation).where(SESSIONS.c.id == fact.session_id)
    return acting() or session.scalar(query) or DEFAULT


def _extend(session: Session, organisation: str, facts: list[Fact]) -> None:
    if acting() not in ("", organisation):
        raise NotTheirs
    db = session.connection()
    # The first statement takes the lock, in PostgreSQL the row's and in SQLite the writers'.
    row = db.execute(TAKE, {"theirs": organisation, "added": len(facts)}).one()
    previous, now, rows = row.hash, datetime.now(UTC), []
    for sequence, fact in enumerate(facts, row.sequence - len(facts) + 1):
        content = fact.content(sequence, row.salt, now)
        previous = linked(previous, content)
        rows.append({"organisation": organisation, "sequence": sequence, "session_id": fact.session_id})
        rows[-1] |= {"content": content, "hash": previous}
    db.execute(LINK, rows)
    db.execute(CLOSE, {"theirs": organisation, "last": previous})
