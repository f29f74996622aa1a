"""The chain: one order, no names, nothing that goes with a session."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from orchestrator.audit.chain.entry import FIRST, linked
from orchestrator.audit.chain.store import ChainStore
from orchestrator.audit.store import AuditStore
from orchestrator.audit.tables import AuditAction, audit_row
from orchestrator.database import open_engine
from orchestrator.reviews.store import ReviewStore
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from tests.support.signing import signer
from tests.unit.orchestrator.sessions.test_store import row

ID = row().id


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    await opened.create(row())
    yield opened
    await opened.close()


async def entries(store: SessionStore) -> list[dict[str, object]]:
    """Every entry, checked against the one before it."""
    previous, found = FIRST, []
    for each in await ChainStore(store).after(0, 1000):
        assert each.hash == linked(previous, each.content)
        previous = each.hash
        found.append(json.loads(each.content))
    assert [entry["sequence"] for entry in found] == list(range(1, len(found) + 1))
    return found


async def test_every_audit_entry_is_in_the_chain(store: SessionStore) -> None:
    await AuditStore(store).add(audit_row(ID, "Rina", AuditAction.EVIDENCE_OPENED, 0))
    [submitted, opened] = await entries(store)
    assert (submitted["action"], submitted["actor"], submitted["session_id"]) == ("submitted", "system", ID)
    assert (opened["action"], opened["answer_index"]) == ("evidence_opened", 0)


async def test_the_chain_holds_no_name_and_nobodys_words(store: SessionStore) -> None:
    await AuditStore(store).add(audit_row(ID, "Rina Wijaya", AuditAction.DECIDED, details="pass"))
    await ReviewStore(store).add_objection(ID, "Siti", "I was ill that day.")
    await AuditStore(store).add(audit_row(ID, "Siti", AuditAction.CONTESTED, details="I was ill that day."))
    [_, decided, contested] = await entries(store)
    assert decided["details"] == "pass"
    assert contested["details"] == ""
    assert str(decided["actor"]).startswith("person:")
    assert decided["actor"] != contested["actor"]
    assert not [word for word in ("Rina", "Siti", "ill") if word in json.dumps(await entries(store))]


async def test_the_same_person_has_the_same_pseudonym(store: SessionStore) -> None:
    for _ in range(2):
        await AuditStore(store).add(audit_row(ID, "Rina", AuditAction.EVIDENCE_OPENED, 0))
    [_, first, second] = await entries(store)
    assert first["actor"] == second["actor"]


async def test_many_at_the_same_time_have_one_order(store: SessionStore) -> None:
    chain = ChainStore(store)
    await asyncio.gather(*(chain.record_read(ID, f"key:{n}", "result", None) for n in range(40)))
    found = await entries(store)
    assert {entry["actor"] for entry in found[1:]} == {f"key:{n}" for n in range(40)}


async def test_what_is_undone_leaves_no_entry(store: SessionStore) -> None:
    async def undone() -> None:
        async with store.transaction() as db:
            db.add(audit_row(ID, "Rina", AuditAction.EVIDENCE_OPENED, 0))
            await db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    assert len(await entries(store)) == 1


async def test_reading_what_is_not_there_leaves_no_entry(store: SessionStore) -> None:
    assert not await ChainStore(store).record_read("f" * 32, "key:1", "result", None)
    assert len(await entries(store)) == 1


async def test_the_head_is_signed_once_a_day(store: SessionStore) -> None:
    chain, key = ChainStore(store), signer()
    assert [await chain.anchor_daily(key), await chain.anchor_daily(key)] == [1, 0]
    [head] = [json.loads(head) for head in await chain.anchors()]
    assert (head["sequence"], head["public_key"]) == (1, key.public_key)
