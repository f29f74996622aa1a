from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from orchestrator import migrate
from orchestrator.settings import DatabaseSettings


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'sessions.db'}"


def test_waiting_ends_with_the_migration(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "POLL_S", 0.01)
    waiting = threading.Thread(target=migrate.wait, args=(url,), daemon=True)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    migrate.migrate(url)
    waiting.join(10)
    assert not waiting.is_alive()


async def test_migrated_tables_are_current(database: DatabaseSettings) -> None:
    assert await migrate.is_current(database.database_url.get_secret_value())


async def test_a_database_that_does_not_answer_is_waited_for() -> None:
    assert not await migrate.is_current("postgresql+asyncpg://nobody@127.0.0.1:9/none")


@pytest.mark.parametrize(("revision", "expected"), [("0001", False), ("9999", True)])
async def test_older_tables_are_waited_for_and_newer_ones_are_not(
    url: str, tmp_path: Path, revision: str, expected: bool
) -> None:
    with sqlite3.connect(tmp_path / "sessions.db") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    database.close()
    assert await migrate.is_current(url) is expected


def test_a_migration_that_nobody_does_is_not_waited_for_for_ever(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "POLL_S", 0.01)
    with pytest.raises(SystemExit, match="nobody migrates the database"):
        migrate.wait(url, patience_s=0.05)
