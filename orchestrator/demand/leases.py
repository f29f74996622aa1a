"""One of many processes is elected for a piece of work, by a row that it keeps renewing."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite

from orchestrator.demand.tables import LeaseRow
from orchestrator.sessions.store import SessionStore

LENGTH = timedelta(seconds=15)
"""Three times what lies between two renewals: one that fails costs nothing, a dead holder's successor comes soon."""


class Lease:
    """The right to do `work`, for one holder at a time as far as the processes' clocks agree."""

    def __init__(self, store: SessionStore, work: str, length: timedelta = LENGTH) -> None:
        """Hold nothing yet."""
        self._store, self._work, self._length = store, work, length
        self._holder = uuid.uuid4().hex

    async def take(self) -> bool:
        """Take it or keep it; false while somebody else has it."""
        now = datetime.now(UTC)
        free = or_(LeaseRow.holder == self._holder, LeaseRow.until_at <= now)
        mine = update(LeaseRow).where(LeaseRow.work == self._work, free)
        async with self._store.transaction() as db:
            changed = await db.execute(mine.values(holder=self._holder, until_at=now + self._length))
            if changed.rowcount:  # type: ignore[attr-defined]
                return True
            insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
            first = insert(LeaseRow).values(work=self._work, holder=self._holder, until_at=now + self._length)
            made = await db.execute(first.on_conflict_do_nothing())
            return bool(made.rowcount)  # type: ignore[attr-defined]

    async def release(self) -> None:
        """Give it back, so that nobody has to wait for its end."""
        mine = update(LeaseRow).where(LeaseRow.work == self._work, LeaseRow.holder == self._holder)
        async with self._store.transaction() as db:
            await db.execute(mine.values(until_at=datetime.now(UTC)))
