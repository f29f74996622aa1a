"""Deleting uploads that nobody finished or used."""

from __future__ import annotations

import asyncio

from gateway.orchestrator import Sessions
from gateway.organisation import acting_for
from gateway.uploads.store import Uploads
from gateway.uploads.takes import Takes
from servicekit.media import MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
INTERVAL_S = 600.0


async def sweep(uploads: Uploads, sessions: Sessions, store: MediaStore) -> None:
    """Delete what has expired, every ten minutes, until cancelled. Every gateway does; twice is the same as once."""
    while True:
        try:
            await sweep_once(uploads, sessions, store)
            await Takes(store, uploads).sweep_once()
        except Exception as error:  # the store or the orchestrator is away: the next time does it
            log.warning("uploads not swept", error_type=type(error).__name__)
        await asyncio.sleep(INTERVAL_S)


async def sweep_once(uploads: Uploads, sessions: Sessions, store: MediaStore) -> int:
    """Delete every expired upload, and what one left in the folder of a session that never came to be."""
    expired = await uploads.expired()
    for upload in expired:
        with acting_for(upload.organisation):
            if upload.session_id and not await sessions.exists(upload.session_id):
                folder = f"sessions/{upload.session_id}"
                await store.delete_prefix(folder)
                await store.shred(folder)
            await uploads.delete(upload)
    if expired:
        log.info("uploads expired", count=len(expired))
    return len(expired)
