"""What is deleted leaves a receipt, whoever is interrupted meanwhile, and an entry in the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from interview_client.verification import check_receipt
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.audit.chain.store import ChainStore
from orchestrator.audit.chain.tables import ChainRow
from orchestrator.audit.store import AuditStore
from orchestrator.audit.tables import AuditAction, audit_row
from orchestrator.database import open_engine
from orchestrator.notes.store import NoteStore
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.settings import DatabaseSettings
from servicekit.errors import ServiceError
from tests.support.signing import signer
from tests.unit.orchestrator.sessions.test_store import row

ID = row().id
KEYS = [f"sessions/{ID}/0/upload/1", f"sessions/{ID}/0/evidence.json"]


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    await opened.create(row())
    yield opened
    await opened.close()


async def reason(store: SessionStore, session_id: str) -> str:
    with pytest.raises(ServiceError) as raised:
        await store.existing(session_id)
    return str(raised.value.reason)


async def test_a_receipt_counts_what_went(store: SessionStore) -> None:
    receipts, key = Receipts(store), signer()
    await AuditStore(store).add(audit_row(ID, "Rina", AuditAction.EVIDENCE_OPENED, 0))
    await receipts.expect(ID, KEYS)
    await receipts.expect(ID, KEYS[1:], [f"session-{ID}"])  # interrupted, tried again: some of it is gone by then
    await receipts.delete(ID, key)
    text = await receipts.find(ID)
    receipt = json.loads(text)
    assert check_receipt(receipt, key.public_key).faults == []
    assert (receipt["session_id"], receipt["reason"]) == (ID, "request")
    assert {name: receipt["rows"][name] for name in ("sessions", "audit_entries")} == {
        "sessions": 1,
        "audit_entries": 2,
    }
    assert receipt["rows"]["answers"] == len(row().answers)
    assert (receipt["objects"]["count"], receipt["uploads"]["count"]) == (2, 1)
    assert receipt["workflow_histories"]["count"] == 1
    assert "Rina" not in text
    assert await reason(store, ID) == "SESSION_DELETED"
    assert await reason(store, "f" * 32) == "SESSION_NOT_FOUND"
    last = json.loads((await ChainStore(store).after(0, 99))[-1].content)
    assert (last["action"], last["session_id"]) == ("deleted", ID)
    assert last["details"] == f"receipt {hashlib.sha256(text.encode()).hexdigest()}"


async def test_every_table_of_a_session_is_emptied_and_counted(store: SessionStore) -> None:
    receipts = Receipts(store)
    await NoteStore(store).add_comment(ID, "Rina", "key:1", "Good examples.")
    await receipts.expect(ID, [])
    await receipts.delete(ID, signer())
    assert json.loads(await receipts.find(ID))["rows"]["comments"] == 1


async def test_the_end_of_retention_leaves_one_as_well(store: SessionStore) -> None:
    async with store.transaction() as db:
        over = datetime.now(UTC) - timedelta(minutes=1)
        await db.execute(update(SessionRow).where(SessionRow.id == ID).values(retention_end_at=over))
    receipts = Receipts(store)
    await receipts.expect(ID, [])
    await receipts.delete(ID, signer())
    assert json.loads(await receipts.find(ID))["reason"] == "retention"


async def test_a_receipt_has_no_name_in_it(store: SessionStore) -> None:
    siti = row(7)
    siti.candidate_name = "Siti Rahma"
    await store.create(siti)
    receipts = Receipts(store)
    await receipts.expect(row(7).id, [])
    await receipts.delete(row(7).id, signer())
    assert "Siti" not in await receipts.find(row(7).id)


async def test_deleting_twice_changes_no_receipt(store: SessionStore) -> None:
    receipts = Receipts(store)
    for _ in range(2):
        await receipts.expect(ID, KEYS)
        await receipts.delete(ID, signer())
    chain = [json.loads(each.content)["action"] for each in await ChainStore(store).after(0, 99)]
    assert chain == ["submitted", "deleted"]


async def test_a_receipt_is_its_owners_only(store: SessionStore) -> None:
    receipts = Receipts(store)
    async with store.transaction() as db:
        await db.execute(update(SessionRow).where(SessionRow.id == ID).values(owner="key:1"))
    await receipts.expect(ID, [])
    await receipts.delete(ID, signer())
    assert await receipts.find(ID, "key:1") == await receipts.find(ID)
    for session_id, owner in ((ID, "key:2"), ("f" * 32, "")):
        with pytest.raises(ServiceError, match="RECEIPT_NOT_FOUND"):
            await receipts.find(session_id, owner)


async def test_the_chain_outlives_the_session_and_cannot_be_rewritten(store: SessionStore) -> None:
    await store.delete(ID)
    assert len(await ChainStore(store).after(0, 99)) == 1

    async def rewrite() -> None:
        async with store.transaction() as db:
            await db.execute(update(ChainRow).values(content="{}"))

    with pytest.raises(DBAPIError, match="append-only"):
        await rewrite()
