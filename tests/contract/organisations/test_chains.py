"""Audit chains of several organisations, and the database as it was before there were any."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from interview_client.verification import check_chain
from orchestrator.audit.chain.store import ChainStore
from orchestrator.database import open_engine
from orchestrator.migrate import FOLDER, migrate
from orchestrator.ownership import everybody
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from tests.contract.organisations.estate import Estate, estate_over
from tests.support.signing import signer


@pytest.fixture
async def estate(database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Estate]:
    async with estate_over(database, tmp_path, monkeypatch) as found:
        yield found


async def exported(estate: Estate, who: dict[str, str]) -> list[str]:
    response = await estate.site.client.get("/v1/audit-chain", headers=who)
    assert response.status_code == 200, response.text
    return response.text.splitlines()


async def test_each_organisation_has_a_chain_that_leads_through_its_own_heads(estate: Estate) -> None:
    for _ in range(2):
        chains = {name: await exported(estate, who) for name, who in (("acme", estate.acme), ("bravo", estate.bravo))}
    entries: dict[str, list[Any]] = {}
    for name, lines in chains.items():
        verdict = check_chain(lines)
        assert verdict.faults == [], name
        entries[name] = [json.loads(line)["entry"] for line in lines if "entry" in json.loads(line)]
        assert [entry["sequence"] for entry in entries[name]] == list(range(1, len(entries[name]) + 1))
    assert {entry["action"] for entry in entries["bravo"]} == {"read"}
    assert estate.ids["session_id"] in {entry["session_id"] for entry in entries["acme"]}
    mixed = [*chains["acme"][:-1], chains["bravo"][-1]]
    assert check_chain(mixed).faults != []


async def test_what_a_worker_records_stands_in_its_sessions_chain(estate: Estate) -> None:
    store, chain = estate.site.orchestrator._store, ChainStore(estate.site.orchestrator._store)
    with everybody():
        await chain.record_read(estate.ids["session_id"], "key:1", "result", None)
        assert await chain.anchor_daily(signer()) == 3
        assert await chain.anchor_daily(signer()) == 0
        async with store.transaction() as db:
            owners = await db.execute(text("SELECT organisation FROM chain_entries WHERE content LIKE '%key:1%'"))
            assert set(owners.scalars()) == {"acme"}


async def test_what_was_there_belongs_to_the_default_organisation(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'sessions.db'}"
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    await asyncio.to_thread(command.upgrade, config, "0016")
    store = SessionStore(open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=url)))
    async with store.transaction() as db:
        await db.execute(text("INSERT INTO chain_entries VALUES (1, '', '{}', 'a')"))
        await db.execute(text("INSERT INTO chain_anchors VALUES (1, '2026-01-01', '{}')"))
        await db.execute(text("UPDATE chain_head SET sequence = 1, hash = 'a'"))
    await asyncio.to_thread(migrate, url)
    for table in ("chain_entries", "chain_anchors", "chain_head"):
        async with store.transaction() as db:
            assert list((await db.execute(text(f"SELECT organisation FROM {table}"))).scalars()) == ["default"], table
    with pytest.raises(Exception, match="append-only"):
        async with store.transaction() as db:
            await db.execute(text("DELETE FROM chain_entries"))
    await store.close()
