"""An audit chain that keeps what it is told."""

from __future__ import annotations

from typing import Any, Protocol

from interview.audit.v1 import audit_service_pb2 as pb
from interview.audit.v1.audit_service_pb2_grpc import AuditServiceServicer


class KnowsSessions(Protocol):
    """Has sessions by id."""

    sessions: dict[str, Any]


class RecordedReads(AuditServiceServicer):
    """Keeps reads of sessions that there are."""

    def __init__(self, orchestrator: KnowsSessions) -> None:
        self._orchestrator = orchestrator
        self.reads: list[pb.RecordReadRequest] = []

    async def RecordRead(self, request: pb.RecordReadRequest, context: Any) -> pb.RecordReadResponse:
        known = request.session_id in ("", *self._orchestrator.sessions)
        if known:
            self.reads.append(request)
        return pb.RecordReadResponse(recorded=known)
