"""Uploads that can be sent again: a caller's `Idempotency-Key` decides the session's id.

The same key with the same content is the same session, as long as that is kept; with other content it is refused.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

import grpc
from fastapi import Header, Response
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access.principal import Principal
from gateway.errors import bad_request
from gateway.orchestrator import Sessions
from gateway.submissions.request import new_session_id
from servicekit.errors import ServiceError
from servicekit.media import Media, MediaStore

REPLAYED = {"Idempotency-Replayed": "true"}
MAX_CHARS = 200

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Chosen by the caller, up to 200 characters: sent again with the same content, it starts nothing.",
    ),
]


REFUSALS = (
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.UNAUTHENTICATED,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNIMPLEMENTED,
)
"""Answers that say that nothing was recorded. After any other nobody knows."""


@dataclass(slots=True)
class Attempt:
    """One try of an upload: the session's id, and whether the session is there already."""

    session_id: str
    replayed: bool
    waiting: bool = False
    """Whether the session that is there has not begun, so that its recordings must be in the store."""

    in_doubt: bool = False
    """Whether the session may have been recorded: then its files stay, whatever the caller is told."""
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    """Sets this try's files apart from those of another one with the same key."""

    stored: list[str] = field(default_factory=list)
    """Keys of the files that this try has stored."""

    def key(self, index: int) -> str:
        """Where the video of an answer goes."""
        return f"sessions/{self.session_id}/{index}/upload/{self.mark}"

    async def hand_in(self, sessions: Sessions, request: pb.CreateSessionRequest) -> pb.Session:
        """Have the session recorded and started."""
        self.in_doubt = True
        try:
            return await sessions.create(request)
        except ServiceError as error:
            self.in_doubt = error.code not in REFUSALS
            raise

    async def has_stored(self, store: MediaStore, index: int) -> bool:
        """Whether an earlier try has stored the video of an answer, and it is there for as long as it is needed."""
        if not self.replayed:
            return False
        return not self.waiting or bool(await store.list(f"sessions/{self.session_id}/{index}/upload"))

    @classmethod
    async def of(cls, key: str, principal: Principal, sessions: Sessions) -> Attempt:
        """The attempt behind a key, or one of its own without. Raises RequestError 400."""
        if not key:
            return cls(new_session_id(), replayed=False)
        if len(key) > MAX_CHARS or not key.isprintable():
            raise bad_request(f"Idempotency-Key must have at most {MAX_CHARS} printable characters")
        session_id = hashlib.sha256(f"{principal.place}\n{key}".encode()).hexdigest()[:32]
        return await cls.at(session_id, sessions)

    @classmethod
    async def at(cls, session_id: str, sessions: Sessions) -> Attempt:
        """The attempt at the session that has this id, or will have."""
        async with sessions.turns:
            session = await sessions.find(session_id)
        return cls(session_id, session is not None, session is not None and session.state == pb.SESSION_STATE_PENDING)

    def tell(self, response: Response) -> None:
        """Tell the caller that nothing was started."""
        if self.replayed and not self.stored:
            response.headers.update(REPLAYED)


async def measured(uri: str, content: AsyncIterator[bytes]) -> Media:
    """What a file would be in the store, without storing it."""
    digest, size = hashlib.sha256(), 0
    async for chunk in content:
        digest.update(chunk)
        size += len(chunk)
    return Media(uri, size, digest.hexdigest())
