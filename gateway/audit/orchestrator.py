"""The audit chain, as the gateway sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import grpc
from interview.audit.v1 import audit_service_pb2 as pb
from interview.audit.v1.audit_service_pb2_grpc import AuditServiceStub

from gateway.orchestrator import Sessions, answered
from servicekit.errors import from_rpc_error
from servicekit.wire import duration

if TYPE_CHECKING:
    from interview.audit.v1.audit_service_pb2_grpc import AuditServiceAsyncStub


class AuditChain:
    """The chain over gRPC. Every method raises the `ServiceError` behind a failed call."""

    def __init__(self, sessions: Sessions) -> None:
        """Over the channel to the orchestrator."""
        self._sessions = sessions

    @cached_property
    def _stub(self) -> AuditServiceAsyncStub:
        return AuditServiceStub(self._sessions.channel)

    @property
    def _timeout_s(self) -> float:
        return self._sessions.timeout_s

    async def record_read(
        self, session_id: str, actor_id: str, what: str, answer_index: int | None, once_within_s: float = 0.0
    ) -> bool:
        """Record who reads what, unless that was within so many seconds; False where there is nothing to read."""
        request = pb.RecordReadRequest(session_id=session_id, actor_id=actor_id, what=what, answer_index=answer_index)
        if once_within_s:
            request.once_within.CopyFrom(duration(once_within_s))
        return (await answered(self._stub.RecordRead(request, timeout=self._timeout_s))).recorded

    async def entries(self) -> AsyncIterator[Sequence[pb.ChainEntry]]:
        """Every entry in its order, part by part."""
        last = 0
        while True:
            request = pb.ExportChainRequest(after_sequence=last, page_size=1000)
            found = (await answered(self._stub.ExportChain(request, timeout=self._timeout_s))).entries
            if not found:
                return
            yield found
            last = found[-1].sequence

    async def anchor(self) -> str:
        """The head as it is now, signed; JSON."""
        return (await answered(self._stub.AnchorChain(pb.AnchorChainRequest(), timeout=self._timeout_s))).head

    async def anchors(self) -> Sequence[str]:
        """The heads that were signed, oldest first; JSON each."""
        return (await answered(self._stub.ListAnchors(pb.ListAnchorsRequest(), timeout=self._timeout_s))).heads

    async def receipt(self, session_id: str, owner: str) -> str:
        """The receipt of a deleted session of an owner (empty: of anybody); JSON."""
        request = pb.GetReceiptRequest(session_id=session_id, owner=owner)
        return (await answered(self._stub.GetReceipt(request, timeout=self._timeout_s))).receipt

    async def reasons(self, session_id: str) -> Sequence[pb.DecisionReason]:
        """Reasons of the decisions on a session, which may be deleted."""
        request = pb.ListDecisionReasonsRequest(session_id=session_id)
        return (await answered(self._stub.ListDecisionReasons(request, timeout=self._timeout_s))).reasons

    async def personal_data(self, session_id: str) -> AsyncIterator[pb.ExportPersonalDataResponse]:
        """Every table's rows about the person of a session."""
        request = pb.ExportPersonalDataRequest(session_id=session_id)
        call = self._stub.ExportPersonalData(request, timeout=self._timeout_s)
        try:
            async for part in call:
                yield part
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error) from None
