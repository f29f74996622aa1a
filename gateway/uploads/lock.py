"""One at a time, across gateways: a lock in the object store, which all of them see.

Held by the object with the highest number under a folder, while it is younger than its lease. Objects are only ever
created, never replaced by another holder, and stores create atomically; whoever finds another live one beside their own
steps back. A gateway that dies leaves its lock behind for the time of a lease.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gateway.errors import upload_busy
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
LEASE_S = 30.0
"""Longer than clocks of gateways differ and than a store is silent before it is tried again."""
RENEWED_EVERY_S = 8.0
PATIENCE_S = 20.0
PAUSE_S = (0.05, 0.2)
_OVER = b"0"


class Lease:
    """A lock that is held."""

    def __init__(self, store: MediaStore, key: str) -> None:
        """Just taken."""
        self._store, self._key = store, key
        self._renewed_at = time.monotonic()

    def check(self) -> None:
        """Raise UPLOAD_BUSY where this process stood still for so long that another one may hold the lock."""
        if time.monotonic() - self._renewed_at > LEASE_S:
            raise upload_busy()

    async def renew(self) -> None:
        """Stay the holder, until cancelled."""
        while True:
            await asyncio.sleep(RENEWED_EVERY_S)
            at = time.monotonic()
            with suppress(ServiceError):  # the next time does it, or `check` notices
                await self._store.write(self._key, _until())
                self._renewed_at = at


@asynccontextmanager
async def locked(store: MediaStore, folder: str) -> AsyncIterator[Lease]:
    """Hold the lock of `folder`. Raises UPLOAD_BUSY when another holds it for long."""
    key = await _acquired(store, folder)
    lease = Lease(store, key)
    renewing = asyncio.create_task(lease.renew())
    try:
        yield lease
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        await _give_back(store, key)


async def _give_back(store: MediaStore, key: str) -> None:
    try:
        await store.delete(store.uri(key))
    except ServiceError as error:  # what was done under the lock counts; others wait for the lease at most
        log.warning("lock not deleted", reason=error.reason)
        with suppress(ServiceError):
            await store.write(key, _OVER)


async def _acquired(store: MediaStore, folder: str) -> str:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        there = await store.list(folder)
        if not [key for key in there if await _is_live(store, key)]:
            number = int(there[-1].rpartition("/")[2]) + 1 if there else 0
            key = f"{folder}/{number:09d}"
            if await store.create(key, _until()):
                if await _is_alone(store, folder, key):
                    return key
                await store.delete(store.uri(key))
        if time.monotonic() > deadline:
            raise upload_busy()
        await asyncio.sleep(random.uniform(*PAUSE_S))


async def _is_alone(store: MediaStore, folder: str, own: str) -> bool:
    """Whether no other is live; what dead gateways have left is deleted then."""
    others = [key for key in await store.list(folder) if key != own]
    for key in others:
        if await _is_live(store, key):
            return False
    for key in others:
        await store.delete(store.uri(key))
    return True


async def _is_live(store: MediaStore, key: str) -> bool:
    try:
        return float(await store.read(store.uri(key))) > time.time()
    except ServiceError as error:
        if error.reason != "MEDIA_NOT_FOUND":
            raise
        return False  # given back meanwhile


def _until() -> bytes:
    return str(time.time() + LEASE_S).encode()
