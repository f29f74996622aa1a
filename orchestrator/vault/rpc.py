"""Data keys over gRPC, for gateways."""

from __future__ import annotations

import re
from typing import Any

import grpc
from interview.vault.v1 import vault_service_pb2 as pb

from orchestrator.vault.store import VaultStore
from servicekit.errors import ServiceError, field_invalid
from servicekit.wire import data_key_message

_FOLDER = re.compile(r"(sessions|consents)/[0-9a-f]{32}|uploads/[0-9a-f]{32}/[0-9a-f]{32}")


class VaultCalls:
    """`VaultService`."""

    def __init__(self, vault: VaultStore) -> None:
        """The keys are in `vault`."""
        self._vault = vault

    async def MakeDataKey(self, request: pb.MakeDataKeyRequest, context: Any) -> pb.MakeDataKeyResponse:
        """The key of a folder, a new one where it has none. Raises KEY_IN_USE."""
        key = await self._vault.make(await self._own(request.folder))
        return pb.MakeDataKeyResponse(data_key=data_key_message(key))

    async def GetDataKey(self, request: pb.GetDataKeyRequest, context: Any) -> pb.GetDataKeyResponse:
        """The key of a folder."""
        folder = _checked(request.folder)
        key = None if await self._vault.is_anothers(folder) else await self._vault.find(folder)
        return pb.GetDataKeyResponse(data_key=data_key_message(key))

    async def DestroyDataKey(self, request: pb.DestroyDataKeyRequest, context: Any) -> pb.DestroyDataKeyResponse:
        """Delete the key of what was deleted. Raises KEY_IN_USE."""
        folder = await self._own(request.folder)
        if await self._vault.in_use(folder):
            raise _key_in_use()
        await self._vault.destroy(folder)
        return pb.DestroyDataKeyResponse()

    async def _own(self, folder: str) -> str:
        """The folder, unless it is that of another organisation's session. Raises FIELD_INVALID, KEY_IN_USE."""
        if await self._vault.is_anothers(_checked(folder)):
            raise _key_in_use()
        return folder


def _key_in_use() -> ServiceError:
    message = "The key of a session is deleted with the session: delete that."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "KEY_IN_USE", message)


def _checked(folder: str) -> str:
    if not _FOLDER.fullmatch(folder):
        raise field_invalid("folder", "must be sessions/…, consents/… or uploads/…/… with ids of 32 hex digits")
    return folder
