"""Changing the key that encrypts keys: whatever it wraps is wrapped anew, nothing in the object store is touched.

Data keys that an organisation's key wraps stay as they are; that key is wrapped anew, as organisations' secrets are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.database import open_sessions
from orchestrator.vault.beside import Beside
from orchestrator.vault.organisation_keys import KIND as ORGANISATION
from orchestrator.vault.store import context_of
from orchestrator.vault.tables import DataKeyRow, OrganisationKeyRow, SecretRow
from orchestrator.vault.wrapping.wrapped import KeyWrapping, UnwrapError, Wrapped
from servicekit.telemetry.logs import get_logger

log = get_logger()
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """How many keys were wrapped anew, and how many cannot be unwrapped by anything that is there."""

    done: int
    unreadable: int


class Rotation:
    """Over all keys of a database. It may be ended at any moment and run again, also in two processes at once."""

    def __init__(self, engine: AsyncEngine, wrapping: KeyWrapping) -> None:
        """What is to be wrapped with is `wrapping`'s current key."""
        self._sessions, self._wrapping = open_sessions(engine), wrapping

    async def current(self) -> str:
        """With what keys are wrapped now."""
        return (await self._wrapping.wrap(bytes(32), "rotation")).by

    async def counts(self) -> dict[str, int]:
        """How many keys and secrets each wraps, but for those that organisations' keys wrap."""
        found: Counter[str] = Counter()
        async with self._sessions() as db:
            for kind in (DataKeyRow, OrganisationKeyRow, SecretRow):
                own = kind.wrapped_by.startswith(f"{ORGANISATION}:")
                query = select(kind.wrapped_by, func.count()).where(kind.wrapped.is_not(None), ~own)
                for row in await db.execute(query.group_by(kind.wrapped_by)):
                    found[str(row[0])] += int(row[1])
        return dict(sorted(found.items()))

    async def rewrap(self) -> Rewrapped:
        """Wrap every key with what is current; one that cannot be unwrapped stays as it is."""
        current, last, done, unreadable = await self.current(), "", 0, 0
        while rows := await self._others(current, last):
            for row in rows:
                try:
                    done += await self._changed(row)
                except UnwrapError as error:
                    log.error("data key unreadable", folder=row.folder, wrapped_by=row.wrapped_by, why=str(error))
                    unreadable += 1
            last = rows[-1].folder
        done_beside, unreadable_beside = await Beside(self._sessions, self._wrapping).rewrap(current)
        return Rewrapped(done + done_beside, unreadable + unreadable_beside)

    async def _others(self, current: str, last: str) -> Sequence[DataKeyRow]:
        query = select(DataKeyRow).where(DataKeyRow.wrapped_by != current, DataKeyRow.folder > last)
        query = query.where(~DataKeyRow.wrapped_by.startswith(f"{ORGANISATION}:"))
        async with self._sessions() as db:
            return list(await db.scalars(query.order_by(DataKeyRow.folder).limit(AT_ONCE)))

    async def _changed(self, row: DataKeyRow) -> int:
        context = context_of(row.folder, row.key_id)
        wrapped = await self._wrapping.wrap(
            await self._wrapping.unwrap(Wrapped(row.wrapped_by, row.wrapped), context), context
        )
        # Only what is still as it was read: deleted stays deleted, and another process may have been quicker.
        same = DataKeyRow.folder == row.folder, DataKeyRow.key_id == row.key_id, DataKeyRow.wrapped == row.wrapped
        async with self._sessions.begin() as db:
            changed = await db.execute(
                update(DataKeyRow).where(*same).values(wrapped_by=wrapped.by, wrapped=wrapped.content)
            )
        return int(changed.rowcount)  # type: ignore[attr-defined]
