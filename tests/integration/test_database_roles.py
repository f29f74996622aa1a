"""The roles that k8s/components/managed-state/README.md makes: each process does its work with its own, and no more."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from orchestrator.database import open_engine
from orchestrator.migrate import is_current, migrate
from orchestrator.sessions.states import SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from rehearsal.servers.postgresql import PostgreSql, postgresql
from tests.unit.orchestrator.sessions.test_store import row

PAGE = Path(__file__).resolve().parents[2] / "k8s" / "components" / "managed-state" / "README.md"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSql]:
    with postgresql() as started:
        yield started


def url(server: PostgreSql, role: str) -> str:
    whole = make_url(server.url("interview")).set(username=f"interview_{role}", password="secret")
    return whole.render_as_string(hide_password=False)


async def run(address: str, *statements: str) -> None:
    engine = open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=address))
    try:
        async with engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in statements:
                await plain.execute(text(statement))
    finally:
        await engine.dispose()


def written() -> tuple[list[str], list[str], list[str]]:
    """The page's statements: for the server, for its database, and for the tables once they are there."""
    (block,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
    whole, inside = block.replace("…", "secret").split("\\connect interview\n")
    before, after = inside.split("-- once `migrate` has run:\n")
    first, second, third = ([s for s in map(str.strip, part.split(";")) if s] for part in (whole, before, after))
    return first, second, third


async def test_each_process_has_the_rights_that_it_needs_and_no_more(server: PostgreSql) -> None:
    whole, inside, after = written()
    await run(server.url("postgres"), *whole)
    await run(server.url("interview"), *inside)
    await asyncio.to_thread(migrate, url(server, "migrate"))
    await run(url(server, "migrate"), *after)

    worker = SessionStore(open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=url(server, "worker"))))
    await worker.create(row())
    await worker.set_session(row().id, SessionState.RUNNING)
    await worker.set_stage(row().id, 0, "prepare", state=StageState.COMPLETED)
    await worker.delete(row().id)
    await worker.close()
    assert await is_current(url(server, "worker"))

    await run(url(server, "orchestrator"), "SELECT count(*) FROM api_keys", "DELETE FROM reviews")
    for role, statement in (
        ("worker", "SELECT count(*) FROM api_keys"),
        ("worker", "SELECT count(*) FROM members"),
        ("worker", "DROP TABLE sessions"),
        ("orchestrator", "CREATE TABLE mine (id int)"),
    ):
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            await run(url(server, role), statement)
