"""Keys that the gateway asks the orchestrator for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from interview.vault.v1 import vault_service_pb2 as pb
from interview.vault.v1.vault_service_pb2_grpc import VaultServiceServicer, add_VaultServiceServicer_to_server

from gateway.orchestrator import Sessions
from gateway.organisation import acting_for
from gateway.vault import orchestrator as vault_module
from gateway.vault.orchestrator import Vault
from servicekit.errors import ServiceError
from servicekit.organisation import DEFAULT
from servicekit.settings import ServerSettings
from servicekit.storage.segments import DataKey
from servicekit.wire import data_key_message
from tests.support.gateway import ScriptedOrchestrator
from tests.support.serving import served

FOLDER = f"sessions/{'a' * 32}"


@pytest.fixture(autouse=True)
def in_a_request() -> Iterator[None]:
    with acting_for(DEFAULT):
        yield


class Keys(VaultServiceServicer):
    """One key, which may be another one later; `asked` counts."""

    service_name = "interview.vault.v1.VaultService"

    def __init__(self) -> None:
        self.key: DataKey | None = DataKey.new()
        self.asked = 0
        self.failure: ServiceError | None = None

    def register(self, server: grpc.aio.Server) -> None:
        add_VaultServiceServicer_to_server(self, server)

    async def load(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def GetDataKey(self, request: pb.GetDataKeyRequest, context: Any) -> pb.GetDataKeyResponse:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return pb.GetDataKeyResponse(data_key=data_key_message(self.key))

    async def MakeDataKey(self, request: pb.MakeDataKeyRequest, context: Any) -> pb.MakeDataKeyResponse:
        self.asked += 1
        return pb.MakeDataKeyResponse(data_key=data_key_message(self.key))

    async def DestroyDataKey(self, request: pb.DestroyDataKeyRequest, context: Any) -> pb.DestroyDataKeyResponse:
        self.key = None
        return pb.DestroyDataKeyResponse()


@asynccontextmanager
async def asking(servicer: Any) -> AsyncIterator[Vault]:
    async with served(servicer, ServerSettings(max_concurrent=0)) as channel:
        yield Vault(Sessions(channel, timeout_s=600))


async def test_a_key_is_remembered_for_a_while_and_asked_for_anew_when_wanted() -> None:
    keys = Keys()
    async with asking(keys) as vault:
        assert [await vault.find(FOLDER), await vault.find(FOLDER), await vault.to_write(FOLDER)] == [keys.key] * 3
        assert keys.asked == 1
        keys.key = DataKey.new()
        assert await vault.find(FOLDER) != keys.key
        assert await vault.find(FOLDER, fresh=True) == keys.key == await vault.find(FOLDER)


async def test_what_is_remembered_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_module, "REMEMBERED_S", 0.0)
    monkeypatch.setattr(vault_module, "MOST_REMEMBERED", 2)
    keys = Keys()
    async with asking(keys) as vault:
        for folder in (FOLDER, FOLDER, "consents/b", "consents/c"):
            await vault.find(folder)
        assert keys.asked == 4
        assert len(vault._known) == 2


async def test_that_there_is_none_is_not_remembered() -> None:
    keys = Keys()
    async with asking(keys) as vault:
        await vault.make(FOLDER)
        await vault.destroy(FOLDER)
        assert await vault.find(FOLDER) is None
        keys.key = DataKey.new()  # another gateway's
        assert await vault.find(FOLDER) == keys.key


async def test_an_orchestrator_without_keys_stores_in_clear() -> None:
    async with asking(ScriptedOrchestrator()) as vault:
        assert await vault.find(FOLDER) is await vault.make(FOLDER) is None
        await vault.destroy(FOLDER)


async def test_other_errors_come_through() -> None:
    keys = Keys()
    keys.failure = ServiceError(grpc.StatusCode.DATA_LOSS, "KEY_UNREADABLE", "This cannot be read.")
    async with asking(keys) as vault:
        with pytest.raises(ServiceError, match="KEY_UNREADABLE"):
            await vault.find(FOLDER)
