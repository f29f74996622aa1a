"""Reading published results for what lists show of them, where an older version has published them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select, update

from orchestrator.fusion.published.headline import headline
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
AT_ONCE = 200


async def read_headlines(store: SessionStore, media: MediaStore) -> int:
    """Fill what is still empty; returns of how many sessions. What cannot be read is tried again another time."""
    read, last = 0, ""
    while rows := await _unread(store, last):
        for session_id, result in rows:
            read += await _filled(store, media, session_id, result)
        last = rows[-1][0]
    return read


async def _unread(store: SessionStore, last: str) -> Sequence[tuple[str, dict[str, Any]]]:
    query = select(SessionRow.id, SessionRow.result).where(SessionRow.outcome == "", SessionRow.result.is_not(None))
    async with store.transaction() as db:
        found = await db.execute(query.where(SessionRow.id > last).order_by(SessionRow.id).limit(AT_ONCE))
        return [(session_id, result or {}) for session_id, result in found]


async def _filled(store: SessionStore, media: MediaStore, session_id: str, result: dict[str, Any]) -> bool:
    if not result:
        return False
    try:
        shown = asdict(headline(await media.read(str(result["uri"]))))
    except (ServiceError, ValidationError) as error:
        log.warning("headline not read", session_id=session_id, error_type=type(error).__name__)
        return False
    unread = SessionRow.id == session_id, SessionRow.outcome == ""  # else it was published again meanwhile
    async with store.transaction() as db:
        changed = await db.execute(update(SessionRow).where(*unread).values(**shown))
        return bool(changed.rowcount)  # type: ignore[attr-defined]
