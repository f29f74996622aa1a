"""Deleting a session's rows, with a receipt of everything that went: counts and hashes, nobody's data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import grpc
from sqlalchemy import Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact
from orchestrator.audit.chain.signing import Signer
from orchestrator.audit.chain.tables import ReceiptRow
from orchestrator.audit.tables import REASONS, SYSTEM, DecisionReasonRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.tables import Base
from orchestrator.vault.tables import destroy
from servicekit.errors import ServiceError

DELETED = "deleted"
UPLOAD = "/upload/"


class Receipts:
    """Receipts by session id."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def expect(self, session_id: str, keys: Iterable[str], histories: Iterable[str] = ()) -> None:
        """Remember what is about to go: whoever is interrupted and tries again finds less of it."""
        async with self._sessions.transaction() as db:
            session = await db.get(SessionRow, session_id)
            if session is None:
                return
            row = await _open(db, session_id)
            if row is None:
                row = ReceiptRow(session_id=session_id, owner=session.owner, keys=[], histories=[], receipt="")
                row.job_id = session.job_id
                row.organisation = session.organisation
                db.add(row)
            row.keys = sorted({*row.keys, *keys})
            row.histories = sorted({*row.histories, *histories})

    async def delete(self, session_id: str, signer: Signer) -> None:
        """Delete the session's rows, sign the receipt and append the deletion to the chain: all or nothing."""
        now = datetime.now(UTC)
        async with self._sessions.transaction() as db:
            session = await db.get(SessionRow, session_id)
            row = await _open(db, session_id)
            if session is None or row is None:
                return
            keys, kept = await destroy(db, f"sessions/{session_id}"), await _kept(db, session_id, now)
            if not kept:
                keys += await destroy(db, f"{REASONS}/{session_id}")
            rows = {table.name: await _deleted(db, table, session_id) for table in session_tables()}
            late = session.retention_end_at is not None and session.retention_end_at <= now
            result = str((session.result or {}).get("sha256", ""))
            row.receipt = signer.signed(
                {
                    "kind": "deletion-receipt",
                    "session_id": session_id,
                    "deleted_at": now.isoformat(),
                    "reason": "retention" if late else "request",
                    "rows": {name: count for name, count in rows.items() if count},
                    "objects": {"count": len(row.keys), "sha256": _hash(row.keys)},
                    "uploads": {"count": sum(UPLOAD in key for key in row.keys)},
                    "encryption_keys": {"destroyed": len(keys), "key_ids": keys},
                    "workflow_histories": {"count": len(row.histories), "sha256": _hash(row.histories)},
                    "result_sha256": result,
                    **kept,
                }
            )
            row.keys, row.histories = [], []
            digest = hashlib.sha256(row.receipt.encode()).hexdigest()
            note(db, Fact(session_id, SYSTEM, DELETED, details=f"receipt {digest}", organisation=session.organisation))
            db.expunge(session)

    async def find(self, session_id: str, owner: str = "") -> str:
        """The latest receipt, of an owner (empty: of anybody). Raises RECEIPT_NOT_FOUND."""
        query = select(ReceiptRow).where(ReceiptRow.session_id == session_id, ReceiptRow.receipt != "")
        async with self._sessions.transaction() as db:
            row = await db.scalar(query.order_by(ReceiptRow.id.desc()).limit(1))
        if row is None or owner not in ("", row.owner):
            message = "There is no receipt: no session with this id was deleted."
            raise ServiceError(grpc.StatusCode.NOT_FOUND, "RECEIPT_NOT_FOUND", message)
        return row.receipt


async def _kept(db: AsyncSession, session_id: str, now: datetime) -> dict[str, object]:
    """What stays for a time: the reasons of decisions. Those whose time is over go now."""
    reasons = DecisionReasonRow
    await db.execute(delete(reasons).where(reasons.session_id == session_id, reasons.ends_at <= now))
    query = select(func.count(), func.max(reasons.ends_at)).where(reasons.session_id == session_id)
    count, until = (await db.execute(query)).one()
    if not count:
        return {}
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return {"kept": {"decision_reasons": count, "until": until.isoformat()}}


async def _open(db: AsyncSession, session_id: str) -> ReceiptRow | None:
    """The receipt of a deletion that goes on."""
    found: ReceiptRow | None = await db.scalar(
        select(ReceiptRow).where(ReceiptRow.session_id == session_id, ReceiptRow.receipt == "").with_for_update()
    )
    return found


def session_tables() -> Iterator[Table]:
    """Every table with rows of sessions, those first that others do not need."""
    for table in reversed(Base.metadata.sorted_tables):
        if table.name == "sessions" or ("session_id" in table.c and table.foreign_keys):
            yield table


async def _deleted(db: AsyncSession, table: Table, session_id: str) -> int:
    column = table.c.id if table.name == "sessions" else table.c.session_id
    count = await db.scalar(select(func.count()).select_from(table).where(column == session_id)) or 0
    await db.execute(delete(table).where(column == session_id))
    return int(count)


def _hash(names: list[str]) -> str:
    return hashlib.sha256(json.dumps(names, separators=(",", ":")).encode()).hexdigest()
