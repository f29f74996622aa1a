"""Data keys, which the orchestrator has: the `DataKeys` of the gateway's object store."""

from __future__ import annotations

import time
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING

import grpc
from interview.vault.v1 import vault_service_pb2 as pb
from interview.vault.v1.vault_service_pb2_grpc import VaultServiceStub

from gateway.orchestrator import Sessions, answered
from servicekit.errors import ServiceError
from servicekit.storage.segments import DataKey
from servicekit.wire import data_key_of

if TYPE_CHECKING:
    from interview.vault.v1.vault_service_pb2_grpc import VaultServiceAsyncStub

REMEMBERED_S = 60.0
"""For how long a key is remembered: uploads need theirs for every part, pages for every picture."""

MOST_REMEMBERED = 1000


class Vault:
    """Keys over gRPC. Every method raises the `ServiceError` behind a failed call."""

    def __init__(self, sessions: Sessions) -> None:
        """Over the channel to the orchestrator."""
        self._sessions = sessions
        self._known: OrderedDict[str, tuple[float, DataKey]] = OrderedDict()

    @cached_property
    def _stub(self) -> VaultServiceAsyncStub:
        return VaultServiceStub(self._sessions.channel)

    @property
    def _timeout_s(self) -> float:
        return self._sessions.timeout_s

    async def find(self, folder: str, fresh: bool = False) -> DataKey | None:
        """The key of a folder. That there is none is never remembered: another gateway may make one."""
        until, key = self._known.get(folder, (0.0, None))
        if not fresh and until > time.monotonic():
            return key
        try:
            request = pb.GetDataKeyRequest(folder=folder)
            found = await answered(self._stub.GetDataKey(request, timeout=self._timeout_s))
        except ServiceError as error:
            _raise_unless_before(error)
            return None
        return self._remember(folder, data_key_of(found))

    async def to_write(self, folder: str) -> DataKey | None:
        """The same for one who writes."""
        return await self.find(folder)

    async def make(self, folder: str) -> DataKey | None:
        """The key of a folder, a new one where it has none."""
        try:
            request = pb.MakeDataKeyRequest(folder=folder)
            found = await answered(self._stub.MakeDataKey(request, timeout=self._timeout_s))
        except ServiceError as error:
            _raise_unless_before(error)
            return None
        return self._remember(folder, data_key_of(found))

    async def destroy(self, folder: str) -> None:
        """Delete the key of a folder."""
        self._known.pop(folder, None)
        try:
            request = pb.DestroyDataKeyRequest(folder=folder)
            await answered(self._stub.DestroyDataKey(request, timeout=self._timeout_s))
        except ServiceError as error:
            _raise_unless_before(error)

    def _remember(self, folder: str, key: DataKey | None) -> DataKey | None:
        self._known.pop(folder, None)
        if key is not None:
            self._known[folder] = time.monotonic() + REMEMBERED_S, key
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return key


def _raise_unless_before(error: ServiceError) -> None:
    """An orchestrator of the version before, during an update, has no keys: what is stored then is in clear."""
    if error.code != grpc.StatusCode.UNIMPLEMENTED:
        raise error
