"""Everything that the database holds about the person of a session, for them to have (GDPR 15, 20; UU PDP 13).

Of every table with rows of sessions, the same that a deletion empties, so that none is forgotten; and of their link,
what was told of it to other systems, and the chain's entries.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.chain.receipts import session_tables
from orchestrator.sessions.store import SessionStore
from orchestrator.tables import Base
from orchestrator.texts.sealed import kinds

BESIDE = {
    "invitations": "id",
    "links": "id",
    "deliveries": "session_id",
    "decision_reasons": "session_id",
    "chain_entries": "session_id",
}
"""Tables that a deletion does not empty, or that go with something else, by the column that names the session."""

LEFT_OUT = {
    "links": ("token_sha256",),
    "similar_answers": ("other_session_id", "other_answer_index", "other_quote", "other_start_s", "other_end_s"),
}
"""Columns that are secrets, or about other candidates."""


class PersonalData:
    """Rows about persons."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def of(self, session_id: str) -> AsyncIterator[tuple[str, str]]:
        """Name and rows (JSON) of each table that has any. Raises SESSION_NOT_FOUND, SESSION_DELETED."""
        await self._sessions.existing(session_id)
        for table in [*session_tables(), *(Base.metadata.tables[name] for name in BESIDE)]:
            async with self._sessions.transaction() as db:
                rows = await _rows(db, table, session_id)
            if rows:
                await self._open(table, rows)
                yield table.name, json.dumps(rows, ensure_ascii=False, indent=1, default=_written)

    async def _open(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        for kind in kinds():
            if kind.__table__ is table:
                needed = {*table.primary_key.columns.keys(), kind.sealed_for, *kind.sealed}
                words = [kind(**{name: row[name] for name in needed}) for row in rows]
                await self._sessions.texts.open(words)
                for row, said in zip(rows, words, strict=True):
                    row.update({column: getattr(said, column) for column in kind.sealed})


async def _rows(db: AsyncSession, table: Table, session_id: str) -> list[dict[str, Any]]:
    name = "id" if table.name == "sessions" else BESIDE.get(table.name, "session_id")
    wanted = [column for column in table.c if column.name not in LEFT_OUT.get(table.name, ())]
    query = select(*wanted).where(table.c[name] == session_id).order_by(*table.primary_key.columns)
    return [dict(found) for found in (await db.execute(query)).mappings()]


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)
