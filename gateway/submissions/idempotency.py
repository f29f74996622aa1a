"""Uploads that can be sent again: a caller's `Idempotency-Key` decides the session's id.

The same key with the same content is the same session, as long as that is kept; with other content it is refused.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Header, Response

from gateway.access.principal import Principal
from gateway.errors import bad_request
from gateway.orchestrator import Sessions
from gateway.submissions.request import new_session_id
from servicekit.media import Media

REPLAYED = {"Idempotency-Replayed": "true"}
MAX_CHARS = 200

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Chosen by the caller, up to 200 characters: sent again with the same content, it starts nothing.",
    ),
]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of an upload: the session's id, and whether the session is there already."""

    session_id: str
    replayed: bool
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    """Sets this try's files apart from those of another one with the same key."""

    stored: list[str] = field(default_factory=list)
    """Keys of the files that this try has stored."""

    def key(self, index: int) -> str:
        """Where the video of an answer goes."""
        return f"sessions/{self.session_id}/{index}/upload/{self.mark}"

    @classmethod
    async def of(cls, key: str, principal: Principal, sessions: Sessions) -> Attempt:
        """The attempt behind a key, or one of its own without. Raises RequestError 400."""
        if not key:
            return cls(new_session_id(), replayed=False)
        if len(key) > MAX_CHARS or not key.isprintable():
            raise bad_request(f"Idempotency-Key must have at most {MAX_CHARS} printable characters")
        session_id = hashlib.sha256(f"{principal.id}\n{key}".encode()).hexdigest()[:32]
        return cls(session_id, replayed=await sessions.exists(session_id))

    def tell(self, response: Response) -> None:
        """Tell the caller that nothing was started."""
        if self.replayed:
            response.headers.update(REPLAYED)


async def measured(uri: str, content: AsyncIterator[bytes]) -> Media:
    """What a file would be in the store, without storing it."""
    digest, size = hashlib.sha256(), 0
    async for chunk in content:
        digest.update(chunk)
        size += len(chunk)
    return Media(uri, size, digest.hexdigest())
