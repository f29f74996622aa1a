"""The audit chain and receipts over gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from interview.audit.v1 import audit_service_pb2 as pb

from orchestrator.audit.chain.receipts import Receipts
from orchestrator.audit.chain.signing import open_signer
from orchestrator.audit.chain.store import ChainStore
from orchestrator.audit.personal import PersonalData
from orchestrator.audit.reasons import Reasons
from orchestrator.ownership import mine
from orchestrator.sessions.request import check_text
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import AuditSettings
from orchestrator.wire import message
from servicekit.errors import field_invalid
from servicekit.wire import seconds, timestamp

MAX_ACTOR, MAX_WHAT, MAX_ID = 200, 32, 32
PAGE, MAX_PAGE = 500, 1000
MOST_TOGETHER = timedelta(days=1)


class AuditCalls:
    """`AuditService`: records reads, gives out the chain and receipts."""

    def __init__(self, settings: AuditSettings, store: SessionStore) -> None:
        """The chain is in `store`; what signs it is opened when it is needed."""
        self._settings = settings
        self._chain, self._receipts = ChainStore(store), Receipts(store)
        self._reasons, self._personal = Reasons(store), PersonalData(store)

    async def RecordRead(self, request: pb.RecordReadRequest, context: Any) -> pb.RecordReadResponse:
        """Append that somebody reads."""
        check_text("session_id", request.session_id, 0, MAX_ID)
        check_text("actor_id", request.actor_id, 0, MAX_ACTOR)
        check_text("what", request.what, 1, MAX_WHAT)
        answer = request.answer_index if request.HasField("answer_index") else None
        once_within = _together(request.once_within)
        recorded = await self._chain.record_read(
            request.session_id, request.actor_id, request.what, answer, once_within
        )
        return pb.RecordReadResponse(recorded=recorded)

    async def ExportChain(self, request: pb.ExportChainRequest, context: Any) -> pb.ExportChainResponse:
        """A part of the chain."""
        if not 0 <= request.page_size <= MAX_PAGE:
            raise field_invalid("page_size", f"must be 0 to {MAX_PAGE}")
        rows = await self._chain.after(request.after_sequence, request.page_size or PAGE)
        return pb.ExportChainResponse(
            entries=[pb.ChainEntry(content=row.content, hash=row.hash, sequence=row.sequence) for row in rows]
        )

    async def AnchorChain(self, request: pb.AnchorChainRequest, context: Any) -> pb.AnchorChainResponse:
        """Sign the head and keep that."""
        return pb.AnchorChainResponse(head=await self._chain.anchor(open_signer(self._settings), mine()))

    async def ListAnchors(self, request: pb.ListAnchorsRequest, context: Any) -> pb.ListAnchorsResponse:
        """The heads that were signed."""
        return pb.ListAnchorsResponse(heads=await self._chain.anchors())

    async def GetReceipt(self, request: pb.GetReceiptRequest, context: Any) -> pb.GetReceiptResponse:
        """The receipt of a deleted session."""
        return pb.GetReceiptResponse(receipt=await self._receipts.find(request.session_id, request.owner))

    async def ListDecisionReasons(
        self, request: pb.ListDecisionReasonsRequest, context: Any
    ) -> pb.ListDecisionReasonsResponse:
        """The reasons of the decisions on a session."""
        rows = await self._reasons.of(request.session_id)
        return pb.ListDecisionReasonsResponse(
            reasons=[
                message(pb.DecisionReason, row, text=row.reason, expire_time=timestamp(row.ends_at)) for row in rows
            ]
        )

    async def ExportPersonalData(
        self, request: pb.ExportPersonalDataRequest, context: Any
    ) -> AsyncIterator[pb.ExportPersonalDataResponse]:
        """Everything that the database holds about a person."""
        async for name, rows in self._personal.of(request.session_id):
            yield pb.ExportPersonalDataResponse(name=name, rows=rows)


def _together(asked: Duration) -> timedelta:
    """Within what time reads are one. Raises FIELD_INVALID."""
    if not 0 <= asked.seconds <= MOST_TOGETHER.total_seconds() or not 0 <= asked.nanos < 10**9:
        raise field_invalid("once_within", f"must be 0 to {MOST_TOGETHER.days} day")
    return timedelta(seconds=seconds(asked))
