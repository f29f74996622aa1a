"""Encrypting the words about persons that were written before, where they have a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, literal, select, update

import orchestrator.letters.tables
import orchestrator.notes.tables
import orchestrator.scorecards.tables  # noqa: F401 - `kinds` are those that were imported
from orchestrator.audit.tables import REASONS
from orchestrator.database import open_sessions
from orchestrator.ownership import acting_for, everybody
from orchestrator.texts.sealed import MARK, Sealed, kinds
from orchestrator.texts.sealing import Sealing
from orchestrator.vault.store import VaultStore
from orchestrator.vault.tables import DataKeyRow
from servicekit.errors import ServiceError
from servicekit.storage.segments import DataKey

AT_ONCE = 200


class Backlog:
    """Over one database. It may be ended at any moment and run again, also in two processes at once."""

    def __init__(self, vault: VaultStore) -> None:
        """The keys are in `vault`, and the rows beside them."""
        self._sessions, self._vault = open_sessions(vault.engine), vault

    async def seal(self) -> int:
        """Encrypt what is in clear; returns of how many rows. Nothing while encryption is off."""
        if not self._vault.encrypting:
            return 0
        with everybody():
            done = sum([await self._seal(kind) for kind in kinds()])
        if done and self._vault.engine.dialect.name == "sqlite":  # the log still has the pages as they were
            async with self._vault.engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return done

    async def _seal(self, kind: Any) -> int:
        done, left = 0, 0
        while rows := await self._in_clear(kind, left):
            keys = await self._keys(kind, rows)
            for row in rows:
                key = keys.get(_folder(kind, row))
                changed = await self._sealed(kind, row, key) if isinstance(key, DataKey) else 0
                done, left = done + changed, left + 1 - changed
        return done

    async def _in_clear(self, kind: Any, left: int) -> Sequence[RowMapping]:
        """The next rows after those that had to be left as they are."""
        async with self._sessions() as db:
            return list((await db.execute(_in_clear(kind).offset(left).limit(AT_ONCE))).mappings())

    async def _keys(self, kind: Any, rows: Sequence[RowMapping]) -> Mapping[str, DataKey | ServiceError]:
        if kind.sealed_by == REASONS:
            for row in rows:
                with acting_for(row["organisation"]):
                    await self._vault.make(_folder(kind, row))
        return await self._vault.find_all({_folder(kind, row) for row in rows})

    async def _sealed(self, kind: type[Sealed], row: RowMapping, key: DataKey) -> int:
        table, sealing, identity = _table(kind), Sealing(key), [row[c.name] for c in _table(kind).primary_key]
        values = {column: sealing.value(kind, column, identity, row[column]) for column in kind.sealed}
        first = kind.sealed[0]
        # Only what is still as it was read.
        same = [table.c[c.name] == row[c.name] for c in table.primary_key], table.c[first] == row[first]
        async with self._sessions.begin() as db:
            changed = await db.execute(update(table).where(*same[0], same[1]).values(values))
        return int(changed.rowcount)  # type: ignore[attr-defined]


def _in_clear(kind: type[Sealed]) -> Select[Any]:
    table = _table(kind)
    first = table.c[kind.sealed[0]]
    wanted: list[ColumnElement[bool]] = [first != "", ~first.startswith(MARK)]
    if kind.sealed_where is not None:
        name, value = kind.sealed_where
        wanted.append(table.c[name] == value)
    if kind.sealed_by != REASONS:  # theirs are made
        folder = literal(f"{kind.sealed_by}/").concat(table.c[kind.sealed_for])
        wanted.append(select(DataKeyRow.folder).where(DataKeyRow.folder == folder).exists())
    return select(table).where(*wanted).order_by(*table.primary_key)


def _folder(kind: type[Sealed], row: RowMapping) -> str:
    return f"{kind.sealed_by}/{row[kind.sealed_for]}"


def _table(kind: type[Sealed]) -> Table:
    return kind.__table__  # type: ignore[attr-defined,no-any-return]
