"""The key that encrypts keys is changed, whoever is interrupted meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestrator.database import open_engine
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, VaultSettings
from orchestrator.vault.__main__ import Settings, retire, rotate
from orchestrator.vault.rotation import Rotation
from orchestrator.vault.store import VaultStore, context_of, open_vault
from orchestrator.vault.tables import DataKeyRow
from orchestrator.vault.wrapping.chosen import ChosenWrapping
from orchestrator.vault.wrapping.local import LocalKeys, name_of, write
from servicekit.errors import ServiceError
from servicekit.storage.segments import DataKey
from tests.support.waiting import wait_until

MANY = 1500


@pytest.fixture
def settings(database: DatabaseSettings, tmp_path: Path) -> Settings:
    url = database.database_url.get_secret_value()
    return Settings(INTERVIEW_DATABASE_URL=url, INTERVIEW_KEY_ENCRYPTION_FILE=str(tmp_path / "state" / "keys"))


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(settings))
    yield opened
    await opened.close()


@pytest.fixture
def vault(store: SessionStore, settings: Settings) -> VaultStore:
    return open_vault(store._engine, settings)


@pytest.fixture
def rotation(store: SessionStore, settings: Settings) -> Rotation:
    return Rotation(store._engine, ChosenWrapping(settings))


def folder(number: int) -> str:
    return f"sessions/{number:032x}"


async def filled(store: SessionStore, settings: VaultSettings, count: int) -> dict[str, DataKey]:
    keys, local = {folder(i): DataKey.new() for i in range(count)}, LocalKeys(settings)
    async with store.transaction() as db:
        for name, key in keys.items():
            wrapped = await local.wrap(key.secret, context_of(name, key.id.hex()))
            row = DataKeyRow(folder=name, key_id=key.id.hex(), wrapped_by=wrapped.by, wrapped=wrapped.content)
            row.created_at = datetime.now(UTC)
            db.add(row)
    return keys


async def test_all_keys_are_wrapped_anew_and_stay_what_they_are(
    vault: VaultStore, rotation: Rotation, store: SessionStore, settings: Settings
) -> None:
    keys = await filled(store, settings, 5)
    old = settings.key_encryption_file.read_text()
    assert await rotate(rotation, settings) == 0
    assert old in settings.key_encryption_file.read_text()  # still there, for a process that has just used it
    assert await rotation.counts() == {await rotation.current(): 5}
    assert {name: await vault.find(name) for name in keys} == keys
    made = await vault.make(folder(99))  # by a process that ran all the time
    assert made is not None
    assert await rotation.counts() == {await rotation.current(): 6}
    assert await retire(rotation, settings) == 1  # not within the hour
    assert await retire(rotation, settings, now=True) == 0
    assert len(settings.key_encryption_file.read_text().split()) == 1
    assert settings.key_encryption_file.stat().st_mode & 0o777 == 0o600
    assert {name: await vault.find(name) for name in keys} == keys


async def test_what_an_old_copy_of_the_database_has_is_lost_with_the_old_key(
    rotation: Rotation, store: SessionStore, settings: Settings
) -> None:
    await filled(store, settings, 1)
    async with store.transaction() as db:
        before = await db.get_one(DataKeyRow, folder(0))
    await rotate(rotation, settings)
    await retire(rotation, settings, now=True)
    async with store.transaction() as db:  # somebody puts the copy back
        await db.merge(
            DataKeyRow(
                folder=before.folder, key_id=before.key_id, wrapped_by=before.wrapped_by,
                wrapped=before.wrapped, created_at=before.created_at,
            )
        )  # fmt: skip
    with pytest.raises(ServiceError, match="KEY_UNREADABLE"):
        await open_vault(store._engine, settings).find(folder(0))


async def test_a_damaged_key_holds_up_no_other_and_is_said(
    rotation: Rotation, store: SessionStore, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(store, settings, 3)
    async with store.transaction() as db:
        (await db.get_one(DataKeyRow, folder(1))).wrapped = b"damaged"
    assert await rotate(rotation, settings) == 1
    assert "1 keys cannot be unwrapped" in capsys.readouterr().out
    assert sorted((await rotation.counts()).values()) == [1, 2]
    await retire(rotation, settings, now=True)
    assert len(settings.key_encryption_file.read_text().split()) == 2  # the old one may still be needed


async def test_keys_of_a_secret_are_added_there(
    rotation: Rotation, store: SessionStore, settings: Settings, tmp_path: Path
) -> None:
    keys = await filled(store, settings, 2)
    old = settings.key_encryption_file.read_text().strip()
    write(tmp_path / "new", [bytes(range(32))])
    both = f"{(tmp_path / 'new').read_text().strip()},{old}"
    changed = Settings(
        INTERVIEW_DATABASE_URL=settings.database_url,
        INTERVIEW_KEY_ENCRYPTION_KEYS=both,
        INTERVIEW_KEY_ENCRYPTION_FILE=str(tmp_path / "none"),
    )
    with_both = Rotation(store._engine, ChosenWrapping(changed))
    assert await rotate(with_both, changed) == 0
    assert await with_both.counts() == {name_of(bytes(range(32))): 2}
    assert not (tmp_path / "none").exists()
    assert {name: await open_vault(store._engine, changed).find(name) for name in keys} == keys


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_it_is_killed_in_the_middle_and_run_again(
    rotation: Rotation, vault: VaultStore, store: SessionStore, settings: Settings
) -> None:
    keys = await filled(store, settings, MANY)
    old = await rotation.current()
    url = settings.database_url.get_secret_value()
    environment = {
        **os.environ,
        "INTERVIEW_DATABASE_URL": url,
        "INTERVIEW_KEY_ENCRYPTION_FILE": str(settings.key_encryption_file),
    }
    command = [sys.executable, "-m", "orchestrator.vault", "rotate"]
    await asyncio.to_thread(killed_in_the_middle, command, environment, url.partition("///")[2], old)
    assert {name: await vault.find(name) for name in keys} == keys  # all are readable in between
    await asyncio.to_thread(subprocess.run, command, env=environment, check=True)
    assert await rotation.counts() == {await rotation.current(): MANY}
    assert len(settings.key_encryption_file.read_text().split()) == 2  # no third one was made
    assert {name: await vault.find(name) for name in keys} == keys


def killed_in_the_middle(command: list[str], environment: dict[str, str], file: str, old: str) -> None:
    rows = sqlite3.connect(file)

    def left() -> int:
        return int(rows.execute("select count(*) from data_keys where wrapped_by = ?", [old]).fetchone()[0])

    begun = subprocess.Popen(command, env=environment)
    wait_until(lambda: left() < MANY)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    assert 0 < left() < MANY
    rows.close()
