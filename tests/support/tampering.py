"""What somebody does to the audit who has the database: by the words that docs/auditor.md has for it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.chain.signing import Signer
from orchestrator.audit.chain.tables import AnchorRow, ChainHeadRow, ChainRow, ReceiptRow
from orchestrator.sessions.store import SessionStore

TABLES = (ChainRow, ChainHeadRow, AnchorRow, ReceiptRow)
Rows = list[list[dict[str, Any]]]
Tamper = Callable[[SessionStore, Signer, Signer], Awaitable[None]]
"""With the system's key, and with a key of one's own."""


async def kept(store: SessionStore) -> Rows:
    """The chain, its heads and the receipts as they are."""
    async with store.transaction() as db:
        return [[dict(row) for row in (await db.execute(select(each.__table__))).mappings()] for each in TABLES]


async def restore(store: SessionStore, rows: Rows) -> None:
    """Put them back."""
    async with store.transaction() as db:
        for table, known in zip(TABLES, rows, strict=True):
            await db.execute(delete(table))
            await db.execute(insert(table), known)


async def _changed(store: SessionStore, _: Signer, __: Signer) -> None:
    async with store.transaction() as db:
        await _unguarded(db)
        changed = "UPDATE chain_entries SET content = REPLACE(content, 'submitted', 'cancelled') WHERE sequence = 2"
        await db.execute(text(changed))


async def _overwritten(store: SessionStore, _: Signer, __: Signer) -> None:
    async with store.transaction() as db:
        await _unguarded(db)
        await db.execute(update(ChainRow).where(ChainRow.sequence == 5).values(content="nothing"))


async def _removed(store: SessionStore, _: Signer, __: Signer) -> None:
    async with store.transaction() as db:
        await _unguarded(db)
        await db.execute(delete(ChainRow).where(ChainRow.sequence == 3))


async def _cut(store: SessionStore, _: Signer, __: Signer) -> None:
    async with store.transaction() as db:
        await _unguarded(db)
        await db.execute(delete(ChainRow).where(ChainRow.sequence > 4))
        await db.execute(delete(AnchorRow).where(AnchorRow.sequence > 4))
        last = select(ChainRow.hash).where(ChainRow.sequence == 4).scalar_subquery()
        await db.execute(update(ChainHeadRow).values(sequence=4, hash=last))


async def _other_head(store: SessionStore, _: Signer, own: Signer) -> None:
    await _head(store, own)


async def _head_of_another_chain(store: SessionStore, system: Signer, _: Signer) -> None:
    await _head(store, system, hash="f" * 64)


async def _head(store: SessionStore, key: Signer, **changes: str) -> None:
    async with store.transaction() as db:
        row = (await db.scalars(select(AnchorRow).order_by(AnchorRow.sequence).limit(1))).one()
        row.head = key.signed({**_unsigned(row.head), **changes})


async def _receipt_by_another_key(store: SessionStore, _: Signer, own: Signer) -> None:
    await _receipt(store, own)


async def _receipt_by_the_system(store: SessionStore, system: Signer, _: Signer) -> None:
    await _receipt(store, system)


async def _receipt(store: SessionStore, key: Signer) -> None:
    async with store.transaction() as db:
        row = (await db.scalars(select(ReceiptRow))).one()
        row.receipt = key.signed({**_unsigned(row.receipt), "objects": {"count": 99, "sha256": "0" * 64}})


def _unsigned(signed: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(signed).items() if name not in ("public_key", "signature")}


async def _unguarded(db: AsyncSession) -> None:
    """Without the triggers that refuse changes."""
    if db.get_bind().dialect.name == "postgresql":
        await db.execute(text("DROP TRIGGER IF EXISTS chain_entries_stay ON chain_entries"))
        return
    for change in ("update", "delete"):
        await db.execute(text(f"DROP TRIGGER IF EXISTS chain_entries_{change}"))


TAMPERED: dict[str, Tamper] = {
    "changed a row": _changed,
    "wrote something else over a row": _overwritten,
    "removed an entry": _removed,
    "removed the last entries and moved the head back": _cut,
    "put a head in that another key has signed": _other_head,
    "put a head of another chain in, signed by the system's key": _head_of_another_chain,
    "replaced a receipt, signed by another key": _receipt_by_another_key,
    "replaced a receipt, signed by the system's key": _receipt_by_the_system,
}
