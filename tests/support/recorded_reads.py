"""An audit chain that keeps what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

import grpc
from interview.audit.v1 import audit_service_pb2 as pb
from interview.audit.v1.audit_service_pb2_grpc import AuditServiceServicer

from gateway.errors import session_not_found
from servicekit.errors import ServiceError


class KnowsSessions(Protocol):
    """Has sessions by id."""

    sessions: dict[str, Any]


class RecordedReads(AuditServiceServicer):
    """Keeps reads of sessions that there are, and the `receipts` that a test puts in; nothing is signed."""

    def __init__(self, orchestrator: KnowsSessions) -> None:
        self._orchestrator = orchestrator
        self.reads: list[pb.RecordReadRequest] = []
        self.receipts: dict[str, str] = {}

    def check_there(self, session_id: str) -> None:
        """Raise SESSION_DELETED, SESSION_NOT_FOUND."""
        if session_id in self.receipts:
            raise ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_DELETED", "This session was deleted.")
        if session_id not in self._orchestrator.sessions:
            raise session_not_found()

    async def RecordRead(self, request: pb.RecordReadRequest, context: Any) -> pb.RecordReadResponse:
        known = request.session_id in ("", *self._orchestrator.sessions)
        if known:
            self.reads.append(request)
        return pb.RecordReadResponse(recorded=known)

    async def ExportChain(self, request: pb.ExportChainRequest, context: Any) -> pb.ExportChainResponse:
        return pb.ExportChainResponse()

    async def ListAnchors(self, request: pb.ListAnchorsRequest, context: Any) -> pb.ListAnchorsResponse:
        return pb.ListAnchorsResponse()

    async def AnchorChain(self, request: pb.AnchorChainRequest, context: Any) -> pb.AnchorChainResponse:
        raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "AUDIT_KEY_MISSING", "There is no key to sign with.")

    async def GetReceipt(self, request: pb.GetReceiptRequest, context: Any) -> pb.GetReceiptResponse:
        if request.session_id not in self.receipts:
            raise ServiceError(grpc.StatusCode.NOT_FOUND, "RECEIPT_NOT_FOUND", "There is no receipt.")
        return pb.GetReceiptResponse(receipt=self.receipts[request.session_id])

    async def ListDecisionReasons(
        self, request: pb.ListDecisionReasonsRequest, context: Any
    ) -> pb.ListDecisionReasonsResponse:
        return pb.ListDecisionReasonsResponse()

    async def ExportPersonalData(
        self, request: pb.ExportPersonalDataRequest, context: Any
    ) -> AsyncIterator[pb.ExportPersonalDataResponse]:
        yield pb.ExportPersonalDataResponse(name="sessions", rows="[]")
