"""The audit chain and receipts over gRPC."""

from __future__ import annotations

from typing import Any

from interview.audit.v1 import audit_service_pb2 as pb

from orchestrator.audit.chain.receipts import Receipts
from orchestrator.audit.chain.signing import open_signer
from orchestrator.audit.chain.store import ChainStore
from orchestrator.ownership import mine
from orchestrator.sessions.request import check_text
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import AuditSettings
from servicekit.errors import field_invalid

MAX_ACTOR, MAX_WHAT, MAX_ID = 200, 32, 32
PAGE, MAX_PAGE = 500, 1000


class AuditCalls:
    """`AuditService`: records reads, gives out the chain and receipts."""

    def __init__(self, settings: AuditSettings, store: SessionStore) -> None:
        """The chain is in `store`; what signs it is opened when it is needed."""
        self._settings = settings
        self._chain, self._receipts = ChainStore(store), Receipts(store)

    async def RecordRead(self, request: pb.RecordReadRequest, context: Any) -> pb.RecordReadResponse:
        """Append that somebody reads."""
        check_text("session_id", request.session_id, 0, MAX_ID)
        check_text("actor_id", request.actor_id, 0, MAX_ACTOR)
        check_text("what", request.what, 1, MAX_WHAT)
        answer = request.answer_index if request.HasField("answer_index") else None
        recorded = await self._chain.record_read(request.session_id, request.actor_id, request.what, answer)
        return pb.RecordReadResponse(recorded=recorded)

    async def ExportChain(self, request: pb.ExportChainRequest, context: Any) -> pb.ExportChainResponse:
        """A part of the chain."""
        if not 0 <= request.page_size <= MAX_PAGE:
            raise field_invalid("page_size", f"must be 0 to {MAX_PAGE}")
        rows = await self._chain.after(request.after_sequence, request.page_size or PAGE)
        return pb.ExportChainResponse(entries=[pb.ChainEntry(content=row.content, hash=row.hash) for row in rows])

    async def AnchorChain(self, request: pb.AnchorChainRequest, context: Any) -> pb.AnchorChainResponse:
        """Sign the head and keep that."""
        return pb.AnchorChainResponse(head=await self._chain.anchor(open_signer(self._settings), mine()))

    async def ListAnchors(self, request: pb.ListAnchorsRequest, context: Any) -> pb.ListAnchorsResponse:
        """The heads that were signed."""
        return pb.ListAnchorsResponse(heads=await self._chain.anchors())

    async def GetReceipt(self, request: pb.GetReceiptRequest, context: Any) -> pb.GetReceiptResponse:
        """The receipt of a deleted session."""
        return pb.GetReceiptResponse(receipt=await self._receipts.find(request.session_id, request.owner))
