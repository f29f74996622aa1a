"""Reviews and the audit over gRPC."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.audit.store import AuditStore
from orchestrator.audit.wire import audit_message
from orchestrator.reviews.service import Reviews
from orchestrator.reviews.store import REASONS_KEPT
from orchestrator.reviews.wire import review_message
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.wire import session_message
from servicekit.media import MediaStore
from servicekit.wire import media_message


class ReviewCalls:
    """Records what people decide, and says who has seen and done what."""

    def __init__(self, store: SessionStore, media: MediaStore, reasons_kept: timedelta = REASONS_KEPT) -> None:
        """Sessions are in `store`, their results in `media`; reasons outlive both for a time."""
        self._store, self._audit, self._reviews = store, AuditStore(store), Reviews(store, media, reasons_kept)

    async def OpenEvidence(self, request: pb.OpenEvidenceRequest, context: Any) -> pb.OpenEvidenceResponse:
        """Record who looks at an answer's evidence, and say where it is."""
        row = await self._store.existing(request.session_id)
        found = await self._reviews.open_evidence(row, request.answer_index, request.reviewer)
        return pb.OpenEvidenceResponse(result=media_message(found))

    async def RecordReview(self, request: pb.RecordReviewRequest, context: Any) -> pb.RecordReviewResponse:
        """Record a person's decision."""
        await self._reviews.record(await self._store.existing(request.session_id), request.review)
        return pb.RecordReviewResponse(session=session_message(await self._store.shown(request.session_id)))

    async def ContestReview(self, request: pb.ContestReviewRequest, context: Any) -> pb.ContestReviewResponse:
        """Record a candidate's objection, which opens the decision again."""
        session = await self._store.existing(request.session_id)
        await self._reviews.contest(session, request.actor, request.objection, request.by_link)
        return pb.ContestReviewResponse(session=session_message(await self._store.shown(request.session_id)))

    async def ListAuditEntries(self, request: pb.ListAuditEntriesRequest, context: Any) -> pb.ListAuditEntriesResponse:
        """What was done to a session, and every decision."""
        row = await self._store.shown(request.session_id)
        entries = await self._audit.entries(row.id)
        return pb.ListAuditEntriesResponse(
            entries=map(audit_message, entries), reviews=map(review_message, row.reviews)
        )
