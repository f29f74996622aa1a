"""Keys over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.keys.service import Keys


class KeyCalls:
    """Makes, lists, ends and knows keys."""

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

    async def AuthenticateApiKey(
        self, request: pb.AuthenticateApiKeyRequest, context: Any
    ) -> pb.AuthenticateApiKeyResponse:
        """The key behind a secret or an id."""
        return pb.AuthenticateApiKeyResponse(key=await self._keys.authenticate(request))
