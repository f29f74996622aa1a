"""One worker is elected to tell what the database says; another takes over when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import event, update

from orchestrator.database import open_engine
from orchestrator.demand.leases import Lease
from orchestrator.demand.observing import WORK, observe
from orchestrator.demand.tables import LeaseRow
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from tests.support.waiting import until


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    yield opened
    await opened.close()


async def run_out(store: SessionStore) -> None:
    """As if the holder had been silent for long enough."""
    async with store.transaction() as db:
        await db.execute(update(LeaseRow).values(until_at=datetime.now(UTC) - timedelta(seconds=1)))


@asynccontextmanager
async def observing(store: SessionStore) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(observe(store, interval_s=0.01))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def told() -> float | None:
    return REGISTRY.get_sample_value("interview_service_demand", {"service": "vision"})


async def test_one_holds_it_and_keeps_it(store: SessionStore) -> None:
    first, second = Lease(store, "work"), Lease(store, "work")
    assert [await first.take(), await second.take(), await first.take(), await second.take()] == [
        True, False, True, False,
    ]  # fmt: skip
    assert await Lease(store, "other work").take()


async def test_of_many_that_begin_at_once_one_gets_it(store: SessionStore) -> None:
    leases = [Lease(store, "work") for _ in range(8)]
    assert sum(await asyncio.gather(*(lease.take() for lease in leases))) == 1


async def test_a_dead_holder_is_followed_by_one(store: SessionStore) -> None:
    dead, others = Lease(store, "work"), [Lease(store, "work") for _ in range(8)]
    assert await dead.take()
    await run_out(store)
    assert sum(await asyncio.gather(*(lease.take() for lease in others))) == 1
    assert not await dead.take()  # it was only slow, and is not the one any more


async def test_it_is_given_back(store: SessionStore) -> None:
    first, second = Lease(store, "work"), Lease(store, "work")
    assert await first.take()
    await second.release()  # which is not theirs
    assert not await second.take()
    await first.release()
    assert await second.take()


async def test_who_is_not_elected_tells_nothing_and_asks_nothing_else(store: SessionStore) -> None:
    asked: list[str] = []
    event.listen(store._engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    elected = Lease(store, WORK)
    assert await elected.take()
    async with observing(store):
        seen = len(asked)
        await until(lambda: len(asked) > seen + 10)
        assert told() is None
    assert [statement for statement in asked if "stages" in statement] == []


async def test_it_takes_over_and_gives_back_at_its_end(store: SessionStore) -> None:
    assert await Lease(store, WORK).take()
    async with observing(store):
        await run_out(store)
        await until(lambda: told() == 0.0)
    assert told() is None
    assert await Lease(store, WORK).take()


async def test_who_loses_it_stops_telling(store: SessionStore) -> None:
    async with observing(store):
        await until(lambda: told() == 0.0)
        async with store.transaction() as db:
            await db.execute(update(LeaseRow).values(holder="another", until_at=datetime.now(UTC) + timedelta(hours=1)))
        await until(lambda: told() is None)
