"""The schema that migrations leave behind."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

import orchestrator.api
import orchestrator.worker  # noqa: F401 - with them come the tables of every feature
from orchestrator.database import open_engine
from orchestrator.migrate import migrate
from orchestrator.settings import DatabaseSettings
from orchestrator.tables import Base
from rehearsal.servers.postgresql import PostgreSql

ROOT = Path(__file__).resolve().parents[3]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


async def seen(database: DatabaseSettings) -> tuple[list[object], list[str]]:
    """How the tables differ from the models, and the names of the tables."""
    engine = open_engine(database)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
        names = await connection.run_sync(lambda c: inspect(c).get_table_names())
    await engine.dispose()
    return found, sorted(names)


async def test_the_migrations_make_the_tables(database: DatabaseSettings) -> None:
    found, names = await seen(database)
    assert found == []
    assert names == sorted([*Base.metadata.tables, "alembic_version"])


async def test_migrating_again_changes_nothing(database: DatabaseSettings) -> None:
    before = await seen(database)
    await asyncio.to_thread(migrate, database.database_url.get_secret_value())
    assert await seen(database) == before


async def test_two_may_migrate_at_the_same_time(postgresql_server: PostgreSql) -> None:
    url = postgresql_server.create_database("twice")
    command = (sys.executable, "-m", "orchestrator.migrate")
    environment = {
        **os.environ,
        "INTERVIEW_DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen"))),
    }
    running = [await asyncio.create_subprocess_exec(*command, env=environment, cwd=ROOT) for _ in range(2)]
    assert [await process.wait() for process in running] == [0, 0]
    found, _ = await seen(DatabaseSettings(INTERVIEW_DATABASE_URL=url))
    assert found == []
