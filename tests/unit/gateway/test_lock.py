"""The lock of an upload: one holder at a time, on a folder and on S3."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from gateway.uploads import lock
from gateway.uploads.lock import locked
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings


@pytest.fixture
def store(object_store: StoreSettings, tmp_path: Path) -> MediaStore:
    return MediaStore(object_store, tmp_path)


async def test_an_object_is_created_once(store: MediaStore) -> None:
    tried = await asyncio.gather(*(store.create("a/b", bytes([number])) for number in range(8)))
    assert sorted(tried) == [False] * 7 + [True]
    assert await store.read(store.uri("a/b")) == bytes([tried.index(True)])


async def test_one_at_a_time(store: MediaStore) -> None:
    inside, most, done = 0, 0, 0

    async def work() -> None:
        nonlocal inside, most, done
        async with locked(store, "x/lock"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.02)
            inside -= 1
            done += 1

    await asyncio.gather(*(work() for _ in range(5)))
    assert (most, done) == (1, 5)
    assert await store.list("x") == []


async def test_what_a_dead_gateway_held_is_taken_over(store: MediaStore) -> None:
    await store.create("x/lock/000000004", str(time.time() - 1).encode())
    async with locked(store, "x/lock"):
        assert await store.list("x/lock") == ["x/lock/000000005"]


async def test_a_lock_that_is_held_is_waited_for_and_not_for_ever(
    store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.create("x/lock/000000000", str(time.time() + 60).encode())
    monkeypatch.setattr(lock, "PATIENCE_S", 0.1)
    with pytest.raises(ServiceError, match="UPLOAD_BUSY"):
        async with locked(store, "x/lock"):
            pass
    assert await store.list("x/lock") == ["x/lock/000000000"]


async def test_who_stood_still_for_a_lease_may_not_go_on(store: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async with locked(store, "x/lock") as lease:
        lease.check()
        monkeypatch.setattr(lock, "LEASE_S", -1.0)
        with pytest.raises(ServiceError, match="UPLOAD_BUSY"):
            lease.check()
