"""Keys of the gateway: made, listed, revoked, and known again by their secret."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import grpc
from interview.administration.v1 import administration_service_pb2 as pb
from interview.orchestrator.v1.orchestrator_service_pb2 import AuthenticateApiKeyRequest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.database import open_sessions
from orchestrator.keys.tables import ApiKeyRow
from orchestrator.ownership import everybody
from orchestrator.sessions.request import check_text
from orchestrator.sessions.search import composed
from orchestrator.wire import message
from servicekit.errors import ServiceError, field_invalid

SCOPES = ("submit", "read", "review", "audit", "admin")
PREFIX = "ias_"
"""Lets people and secret scanners recognise a key of this system."""

SECRET_BYTES = 32
MAX_NAME, MAX_DAYS = 100, 3650


class Keys:
    """The keys in the database behind `engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others."""
        self._sessions = open_sessions(engine)

    async def create(self, request: pb.CreateApiKeyRequest) -> pb.CreateApiKeyResponse:
        """A new key with its secret, which is not kept. Raises FIELD_INVALID."""
        check_text("name", request.name, 1, MAX_NAME)
        scopes = list(dict.fromkeys(request.scopes))
        if not scopes or set(scopes) - set(SCOPES):
            raise field_invalid("scopes", f"must be some of {', '.join(SCOPES)}")
        if not 0 <= request.expire_days <= MAX_DAYS:
            raise field_invalid("expire_days", f"must be 0 to {MAX_DAYS}")
        now, secret = datetime.now(UTC), PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        row = ApiKeyRow(
            id=secrets.token_hex(8),
            name=composed(request.name),
            secret_sha256=_hash(secret),
            scopes=scopes,
            created_at=now,
            expires_at=now + timedelta(days=request.expire_days) if request.expire_days else None,
        )
        async with self._sessions.begin() as db:
            db.add(row)
        return pb.CreateApiKeyResponse(key=_message(row), secret=secret)

    async def all(self) -> list[pb.ApiKey]:
        """Every key of the organisation, oldest first."""
        async with self._sessions() as db:
            return [_message(row) for row in await db.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at))]

    async def revoke(self, key_id: str) -> pb.ApiKey:
        """End a key. Raises KEY_NOT_FOUND."""
        async with self._sessions.begin() as db:
            row = await db.get(ApiKeyRow, key_id)
            if row is None:
                raise ServiceError(grpc.StatusCode.NOT_FOUND, "KEY_NOT_FOUND", "There is no key with this id.")
            row.revoked_at = row.revoked_at or datetime.now(UTC)
        return _message(row)

    async def authenticate(self, request: AuthenticateApiKeyRequest) -> pb.ApiKey:
        """The key that is good now. Raises KEY_REFUSED."""
        if request.WhichOneof("known_by") == "key_id":
            wanted = ApiKeyRow.id == request.key_id
        else:
            wanted = ApiKeyRow.secret_sha256 == _hash(request.secret)
        # A secret says whose it is; an id is looked up among the keys of the organisation that the call acts for.
        with nullcontext() if request.key_id else everybody():
            async with self._sessions() as db:
                row = await db.scalar(select(ApiKeyRow).where(wanted))
        if row is None or row.revoked_at or (row.expires_at and row.expires_at <= datetime.now(UTC)):
            text = "This key is unknown, expired or revoked."
            raise ServiceError(grpc.StatusCode.UNAUTHENTICATED, "KEY_REFUSED", text)
        return _message(row)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _message(row: ApiKeyRow) -> pb.ApiKey:
    return message(pb.ApiKey, row, key_id=row.id, organisation_id=row.organisation)
