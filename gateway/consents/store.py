"""Consents in the object store: `consents/<link>.json` until the hand-in, then `consent.json` beside its session."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import grpc
from pydantic import ValidationError

from gateway.consents.schemas import Receipt
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
FOLDER = "consents"
INTERVAL_S = 600.0


class Consents:
    """Keeps a candidate's consent where it outlives the browser and ends with what it is for."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store

    async def keep(self, receipt: Receipt) -> None:
        """Record a consent; a later one under the same link takes its place."""
        await self._store.begin(_folder(receipt.session_id))
        await self._store.write(_waiting(receipt.session_id), receipt.model_dump_json().encode())

    async def find(self, session_id: str) -> Receipt | None:
        """The consent that was given under a link, handed in or not."""
        return await self._read(_waiting(session_id)) or await self._read(_handed_in(session_id))

    async def hand_over(self, receipt: Receipt) -> None:
        """Lay it into the folder of its session, with which it is deleted. Twice is the same as once."""
        await self._store.write(_handed_in(receipt.session_id), receipt.model_dump_json().encode())
        await self._end(receipt.session_id)

    async def sweep(self) -> None:
        """Delete what has expired, every ten minutes, until cancelled."""
        while True:
            try:
                await self.sweep_once()
            except Exception as error:  # the store is away: the next time does it
                log.warning("consents not swept", error_type=type(error).__name__)
            await asyncio.sleep(INTERVAL_S)

    async def sweep_once(self) -> int:
        """Delete the consents of links that have ended without a hand-in."""
        ended = 0
        for key in await self._store.list(FOLDER):
            found = await self._read(key)
            if found is not None and found.expire_time < datetime.now(UTC):
                await self._end(found.session_id)
                ended += 1
        return ended

    async def _end(self, session_id: str) -> None:
        await self._store.delete(self._store.uri(_waiting(session_id)))
        await self._store.shred(_folder(session_id))

    async def _read(self, key: str) -> Receipt | None:
        try:
            return Receipt.model_validate_json(await self._store.read(self._store.uri(key)))
        except ValidationError:
            log.error("consent damaged", key=key)
            return None
        except ServiceError as error:
            if error.code == grpc.StatusCode.DATA_LOSS:
                log.error("consent unreadable", key=key, reason=error.reason)
            elif error.reason != "MEDIA_NOT_FOUND":
                raise
            return None


def _folder(session_id: str) -> str:
    return f"{FOLDER}/{session_id}"


def _waiting(session_id: str) -> str:
    return f"{_folder(session_id)}.json"


def _handed_in(session_id: str) -> str:
    return f"sessions/{session_id}/consent.json"
