"""Keys over gRPC: administration makes and ends them; the gateway asks whose they are."""

from __future__ import annotations

from typing import Any, TypeVar

from google.protobuf.message import Message
from interview.administration.v1 import administration_service_pb2 as pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as sessions_pb

from orchestrator.keys.service import Keys

M = TypeVar("M", bound=Message)


class AdministrationCalls:
    """`AdministrationService`: makes, lists and ends keys."""

    def __init__(self, keys: Keys) -> None:
        """Use these keys."""
        self._keys = keys

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, context: Any) -> pb.CreateApiKeyResponse:
        """Make a key."""
        return await self._keys.create(request)

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Any) -> pb.ListApiKeysResponse:
        """Every key, without its secret."""
        return pb.ListApiKeysResponse(keys=await self._keys.all())

    async def RevokeApiKey(self, request: pb.RevokeApiKeyRequest, context: Any) -> pb.RevokeApiKeyResponse:
        """End a key."""
        return pb.RevokeApiKeyResponse(key=await self._keys.revoke(request.key_id))


class KeyCalls:
    """What `OrchestratorService` has of keys: knowing them, and administration's calls from before it was split off."""

    def __init__(self, keys: Keys) -> None:
        """Use these keys."""
        self._keys, self._administration = keys, AdministrationCalls(keys)

    async def AuthenticateApiKey(
        self, request: sessions_pb.AuthenticateApiKeyRequest, context: Any
    ) -> sessions_pb.AuthenticateApiKeyResponse:
        """The key behind a secret or an id."""
        key = await self._keys.authenticate(request)
        return sessions_pb.AuthenticateApiKeyResponse(key=_before(key, sessions_pb.ApiKey))

    async def CreateApiKey(
        self, request: sessions_pb.CreateApiKeyRequest, context: Any
    ) -> sessions_pb.CreateApiKeyResponse:
        """Make a key."""
        asked = pb.CreateApiKeyRequest.FromString(request.SerializeToString())
        made = await self._administration.CreateApiKey(asked, context)
        return _before(made, sessions_pb.CreateApiKeyResponse)

    async def ListApiKeys(
        self, request: sessions_pb.ListApiKeysRequest, context: Any
    ) -> sessions_pb.ListApiKeysResponse:
        """Every key, without its secret."""
        found = await self._administration.ListApiKeys(pb.ListApiKeysRequest(), context)
        return _before(found, sessions_pb.ListApiKeysResponse)

    async def RevokeApiKey(
        self, request: sessions_pb.RevokeApiKeyRequest, context: Any
    ) -> sessions_pb.RevokeApiKeyResponse:
        """End a key."""
        ended = await self._administration.RevokeApiKey(pb.RevokeApiKeyRequest(key_id=request.key_id), context)
        return _before(ended, sessions_pb.RevokeApiKeyResponse)


def _before(message: Message, kind: type[M]) -> M:
    """The message of the contract before, whose fields have the same numbers."""
    return kind.FromString(message.SerializeToString())
