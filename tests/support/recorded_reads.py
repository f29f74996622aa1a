"""An audit chain that keeps what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

import grpc
from interview.audit.v1 import audit_service_pb2 as pb
from interview.audit.v1.audit_service_pb2_grpc import AuditServiceServicer

from servicekit.errors import ServiceError


class KnowsSessions(Protocol):
    """Has sessions by id."""

    sessions: dict[str, Any]


class RecordedReads(AuditServiceServicer):
    """Keeps reads of sessions that there are; nothing was deleted, and nothing is signed."""

    def __init__(self, orchestrator: KnowsSessions) -> None:
        self._orchestrator = orchestrator
        self.reads: list[pb.RecordReadRequest] = []

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
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "RECEIPT_NOT_FOUND", "There is no receipt.")

    async def ListDecisionReasons(
        self, request: pb.ListDecisionReasonsRequest, context: Any
    ) -> pb.ListDecisionReasonsResponse:
        return pb.ListDecisionReasonsResponse()

    async def ExportPersonalData(
        self, request: pb.ExportPersonalDataRequest, context: Any
    ) -> AsyncIterator[pb.ExportPersonalDataResponse]:
        yield pb.ExportPersonalDataResponse(name="sessions", rows="[]")
