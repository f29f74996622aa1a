"""Data keys in the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from interview.vault.v1 import vault_service_pb2 as pb
from sqlalchemy import delete, select, update

from orchestrator.database import open_engine
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, VaultSettings
from orchestrator.sweep import Sweep
from orchestrator.vault.rpc import VaultCalls
from orchestrator.vault.store import VaultStore, open_vault
from orchestrator.vault.tables import DataKeyRow
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from servicekit.storage.segments import DataKey
from servicekit.telemetry import metrics
from tests.unit.orchestrator.sessions.test_store import row

FOLDER, OTHER = f"sessions/{'a' * 32}", f"sessions/{'b' * 32}"


@pytest.fixture
def settings(tmp_path: Path) -> VaultSettings:
    return VaultSettings(INTERVIEW_KEY_ENCRYPTION_FILE=str(tmp_path / "state" / "keys"))


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    yield opened
    await opened.close()


@pytest.fixture
def vault(store: SessionStore, settings: VaultSettings) -> VaultStore:
    return open_vault(store._engine, settings)


async def made(vault: VaultStore, folder: str) -> DataKey:
    key = await vault.make(folder)
    assert key is not None
    return key


async def reason(awaited: object) -> str:
    with pytest.raises(ServiceError) as raised:
        await awaited  # type: ignore[misc]
    return str(raised.value.reason)


async def test_a_key_is_made_once_and_kept_wrapped(
    vault: VaultStore, store: SessionStore, settings: VaultSettings
) -> None:
    assert await vault.find(FOLDER) is None
    key = await made(vault, FOLDER)
    assert await made(vault, FOLDER) == await vault.find(FOLDER) == await vault.to_write(FOLDER) == key
    assert await made(vault, OTHER) != key
    async with store.transaction() as db:
        kept = (await db.scalars(select(DataKeyRow).where(DataKeyRow.folder == FOLDER))).one()
    assert key.secret not in kept.wrapped
    assert kept.key_id == key.id.hex()
    assert kept.wrapped_by.startswith("file:")
    assert settings.key_encryption_file.stat().st_mode & 0o777 == 0o600
    assert await open_vault(store._engine, settings).find(FOLDER) == key  # another process


async def test_many_at_once_have_one_key(vault: VaultStore) -> None:
    keys = await asyncio.gather(*(vault.make(FOLDER) for _ in range(6)))
    assert len({key.secret for key in keys if key is not None}) == 1


async def test_a_session_that_began_without_stays_without(vault: VaultStore, store: SessionStore) -> None:
    folder = f"sessions/{row().id}"
    await store.create(row())
    assert await vault.make(folder) is None
    assert await vault.to_write(folder) is None


async def test_nothing_is_written_for_a_session_that_is_gone(vault: VaultStore) -> None:
    await made(vault, FOLDER)
    await vault.destroy(FOLDER)
    assert await vault.find(FOLDER) is None
    assert await reason(vault.to_write(FOLDER)) == "MEDIA_NOT_FOUND"
    assert await vault.to_write("uploads/o/u") is None


async def test_while_it_is_off_no_key_is_made_and_others_are_read(
    vault: VaultStore, store: SessionStore, settings: VaultSettings
) -> None:
    key = await made(vault, FOLDER)
    off = open_vault(store._engine, settings.model_copy(update={"encryption": False}))
    assert await off.make(OTHER) is await off.to_write(OTHER) is None
    assert await off.make(FOLDER) == await off.find(FOLDER) == key


@pytest.mark.parametrize("damage", ["content", "another's", "key that wraps", "kind"])
async def test_a_damaged_key_is_an_error_for_its_session_only(
    vault: VaultStore, store: SessionStore, damage: str, tmp_path: Path
) -> None:
    await made(vault, FOLDER)
    other = await made(vault, OTHER)
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")), keys=vault)
    written = await media.write(f"{FOLDER}/0/transcript.json", b"{}")
    async with store.transaction() as db:
        wrapped = await db.scalar(select(DataKeyRow.wrapped).where(DataKeyRow.folder == OTHER))
        changes: dict[str, dict[str, Any]] = {
            "content": {"wrapped": b"damaged"},
            "another's": {"wrapped": wrapped},
            "key that wraps": {"wrapped_by": "file:0000000000000000"},
            "kind": {"wrapped_by": "elsewhere:1"},
        }
        await db.execute(update(DataKeyRow).where(DataKeyRow.folder == FOLDER).values(**changes[damage]))
    before = metrics.UNREADABLE.labels("KEY_UNREADABLE")._value.get()
    assert await reason(media.read(written.uri)) == "KEY_UNREADABLE"
    assert await reason(media.write(f"{FOLDER}/0/transcript.json", b"{}")) == "KEY_UNREADABLE"
    assert metrics.UNREADABLE.labels("KEY_UNREADABLE")._value.get() == before + 2
    assert await vault.find(OTHER) == other
    await media.delete(written.uri)  # deleting needs no key


async def test_without_the_key_that_wraps_all_wait(vault: VaultStore, settings: VaultSettings) -> None:
    await made(vault, FOLDER)
    file = settings.key_encryption_file
    kept = file.read_text()
    file.unlink()
    assert await reason(vault.find(FOLDER)) == "UPSTREAM_DOWN"  # somebody will put it back
    file.write_text("no key")
    assert await reason(vault.find(FOLDER)) == "UPSTREAM_DOWN"
    file.write_text(kept)
    assert await vault.find(FOLDER) is not None


async def test_keys_of_what_never_came_to_be_are_swept(vault: VaultStore, store: SessionStore, tmp_path: Path) -> None:
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")), keys=vault)
    upload, consent, recorded = f"uploads/{'c' * 32}/{'d' * 32}", f"consents/{'a' * 32}", f"sessions/{row().id}"
    for folder in (FOLDER, OTHER, upload, consent, recorded):
        await made(vault, folder)
    await store.create(row())
    await media.write(f"{OTHER}/0/upload/x", b"x")
    await media.write(f"{consent}.json", b"{}")
    sweep = Sweep(store, media, None, "queue", vault=vault)  # type: ignore[arg-type]
    assert await sweep.keys() == 0  # they are young
    async with store.transaction() as db:
        await db.execute(update(DataKeyRow).values(created_at=datetime.now(UTC) - timedelta(hours=25)))
    assert await sweep.keys() == 2
    assert [await vault.find(folder) is not None for folder in (FOLDER, upload)] == [False, False]
    assert [await vault.find(folder) is not None for folder in (OTHER, consent, recorded)] == [True] * 3
    async with store.transaction() as db:
        await db.execute(delete(DataKeyRow))


async def test_gateways_destroy_no_key_of_a_session(vault: VaultStore, store: SessionStore) -> None:
    calls, folder = VaultCalls(vault), f"sessions/{row().id}"
    made_there = (await calls.MakeDataKey(pb.MakeDataKeyRequest(folder=folder), None)).data_key
    assert (await calls.GetDataKey(pb.GetDataKeyRequest(folder=folder), None)).data_key == made_there
    await store.create(row())
    assert await reason(calls.DestroyDataKey(pb.DestroyDataKeyRequest(folder=folder), None)) == "KEY_IN_USE"
    await calls.MakeDataKey(pb.MakeDataKeyRequest(folder=OTHER), None)
    await calls.DestroyDataKey(pb.DestroyDataKeyRequest(folder=OTHER), None)
    assert not (await calls.GetDataKey(pb.GetDataKeyRequest(folder=OTHER), None)).HasField("data_key")


@pytest.mark.parametrize("folder", ["", "sessions", "sessions/..", f"sessions/{'A' * 32}", "results/a", "x" * 500])
async def test_what_is_no_folder_has_no_key(vault: VaultStore, folder: str) -> None:
    calls = VaultCalls(vault)
    assert await reason(calls.MakeDataKey(pb.MakeDataKeyRequest(folder=folder), None)) == "FIELD_INVALID"
    assert await reason(calls.DestroyDataKey(pb.DestroyDataKeyRequest(folder=folder), None)) == "FIELD_INVALID"
