"""The database that goes away and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import make_url, text

from orchestrator import database
from orchestrator.database import open_engine, open_sessions
from orchestrator.migrate import migrate
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from rehearsal.servers.postgresql import PostgreSql, postgresql
from servicekit.errors import ServiceError
from tests.unit.orchestrator.sessions.test_store import row


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgreSql]:
    """A server that nobody else uses, so that it may be stopped."""
    with postgresql() as server:
        migrate(server.create_database("sessions"))
        yield server


def settings(server: PostgreSql, **changes: Any) -> DatabaseSettings:
    return DatabaseSettings(INTERVIEW_DATABASE_URL=server.url("sessions"), **changes)


async def test_a_restart_is_survived_and_an_outage_is_named(own_server: PostgreSql) -> None:
    store = SessionStore(open_engine(settings(own_server)))
    await store.create(row())
    assert await store.get(row().id) is not None
    await asyncio.to_thread(own_server.stop)
    with pytest.raises(ServiceError) as caught:
        await store.get(row().id)
    assert (caught.value.reason, caught.value.message) == ("UPSTREAM_DOWN", "The database does not answer.")
    await asyncio.to_thread(own_server.start)
    assert await store.get(row().id) is not None
    await store.close()


async def test_a_restart_between_two_calls_is_not_seen(own_server: PostgreSql) -> None:
    store = SessionStore(open_engine(settings(own_server)))
    await asyncio.gather(*(store.revision(row().id) for _ in range(5)))  # several connections lie in the pool now
    await asyncio.to_thread(own_server.stop)
    await asyncio.to_thread(own_server.start)
    await asyncio.gather(*(store.revision(row().id) for _ in range(5)))
    await store.close()


async def test_a_connection_that_was_idle_for_long_is_asked_first(
    own_server: PostgreSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network may have dropped it without a word to us."""
    engine = open_engine(settings(own_server, database_pool_size=1))
    store, dialect = SessionStore(engine), engine.sync_engine.dialect
    asked = Mock(side_effect=dialect.do_ping)
    monkeypatch.setattr(dialect, "do_ping", asked)
    await store.revision("unknown")
    await store.revision("unknown")
    assert not asked.called
    monkeypatch.setattr(database, "IDLE_S", -1.0)
    await store.revision("unknown")
    assert asked.called
    asked.side_effect = TimeoutError
    assert await store.revision("unknown") is None  # over another connection
    await store.close()


async def test_a_server_that_stops_in_the_middle_of_a_transaction_undoes_it(own_server: PostgreSql) -> None:
    engine = open_engine(settings(own_server))
    store = SessionStore(engine)
    await store.create(row(5))
    before = await store.revision(row(5).id)

    async def interrupted() -> None:
        async with open_sessions(engine).begin() as db:
            await db.execute(text("update sessions set revision = revision + 1"))
            await asyncio.to_thread(own_server.stop)
            await db.execute(text("update sessions set revision = revision + 1"))

    with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
        await interrupted()
    await asyncio.to_thread(own_server.start)
    assert await store.revision(row(5).id) == before
    await store.close()


async def test_a_statement_has_an_end(own_server: PostgreSql) -> None:
    engine = open_engine(settings(own_server, database_timeout_s=0.2))
    with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
        async with open_sessions(engine)() as db:
            await db.execute(text("select pg_sleep(3600)"))
    await engine.dispose()


async def test_the_pool_is_as_large_as_it_is_set(own_server: PostgreSql) -> None:
    engine = open_engine(settings(own_server, database_pool_size=2, database_timeout_s=0.5))
    store = SessionStore(engine)
    async with engine.connect(), engine.connect():
        with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
            await store.revision(row().id)
    assert await store.revision("unknown") is None
    await engine.dispose()


@pytest.mark.parametrize("wrong", ["password", "database"])
async def test_who_is_not_let_in_is_told_to_come_back(
    own_server: PostgreSql, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changes: dict[str, Any] = {wrong: "other"}
    url = make_url(own_server.url("sessions")).set(**changes)
    store = SessionStore(
        open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=url.render_as_string(hide_password=False)))
    )
    with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
        await store.revision(row().id)
    await store.close()
    assert {"password": "28P01", "database": "3D000"}[wrong] in capsys.readouterr().out


async def test_what_is_wrong_with_a_statement_stays_what_it_is(own_server: PostgreSql) -> None:
    engine = open_engine(settings(own_server))
    with pytest.raises(Exception, match="does not exist"):
        async with open_sessions(engine)() as db:
            await db.execute(text("select * from nothing"))
    await engine.dispose()
