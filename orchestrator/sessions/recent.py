"""Sessions that were asked for lately, ready to be sent again while nothing has changed.

Many pages ask every few seconds: one small query each, instead of five and the making of every row.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.sessions.wire import session_message

MOST_KEPT = 1000
OPENED_S = 60.0
"""For so long words are shown that were encrypted: their key may be deleted, or come back, without a new revision."""


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    message: pb.Session
    until: float


class RecentSessions:
    """Messages by session id, each as good as the revision that it was made from."""

    def __init__(self, store: SessionStore) -> None:
        """Keep nothing yet."""
        self._store = store
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def get(self, session_id: str) -> tuple[int, pb.Session] | None:
        """Revision and message as of now, or None when there is no such session. The message is not to be changed."""
        revision = await self._store.revision(session_id)
        kept = self._kept.pop(session_id, None)
        if revision is None:
            return None
        if kept is None or kept.revision != revision or kept.until < time.monotonic():
            row = await self._store.get(session_id)
            if row is None:
                return None
            kept = await self._read(row)
        self._kept[session_id] = kept
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return kept.revision, kept.message

    async def _read(self, row: SessionRow) -> _Kept:
        lasts = OPENED_S if await self._store.open([row]) else math.inf
        return _Kept(row.revision, session_message(row), time.monotonic() + lasts)
