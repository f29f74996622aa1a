"""Uploads that can be sent again: a caller's `Idempotency-Key` decides the session's id.

The same key with the same content is the same session, as long as that is kept; with other content it is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Response

from gateway.access.principal import Principal
from gateway.errors import bad_request
from gateway.sessions import Sessions
from gateway.submission import new_session_id
from servicekit.errors import ServiceError
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
    repeatable: bool
    replayed: bool

    @classmethod
    async def of(cls, key: str, principal: Principal, sessions: Sessions) -> Attempt:
        """The attempt behind a key, or one of its own without. Raises RequestError 400."""
        if not key:
            return cls(new_session_id(), repeatable=False, replayed=False)
        if len(key) > MAX_CHARS or not key.isprintable():
            raise bad_request(f"Idempotency-Key must have at most {MAX_CHARS} printable characters")
        session_id = hashlib.sha256(f"{principal.id}\n{key}".encode()).hexdigest()[:32]
        return cls(session_id, repeatable=True, replayed=await _exists(session_id, sessions))

    def belongs_to_another(self, error: BaseException) -> bool:
        """Whether what is stored under this id belongs to an upload that was accepted before."""
        exists = isinstance(error, ServiceError) and error.reason == "SESSION_EXISTS"
        return self.replayed or (self.repeatable and exists)

    def mark(self, response: Response) -> None:
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


async def _exists(session_id: str, sessions: Sessions) -> bool:
    try:
        await sessions.get(session_id)
    except ServiceError as error:
        if error.reason != "SESSION_NOT_FOUND":
            raise
        return False
    return True
