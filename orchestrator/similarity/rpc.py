"""Answers that are nearly the same, over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.sessions.request import MAX_NAME, check_text
from orchestrator.sessions.store import SessionStore
from orchestrator.similarity.store import SimilarityStore
from orchestrator.similarity.wire import similar_message


class SimilarityCalls:
    """Lists what was found."""

    def __init__(self, store: SessionStore) -> None:
        """Sessions are in `store`."""
        self._store, self._found = store, SimilarityStore(store)

    async def ListSimilarAnswers(
        self, request: pb.ListSimilarAnswersRequest, context: Any
    ) -> pb.ListSimilarAnswersResponse:
        """A session's answers that are nearly those of others whom the viewer may see too."""
        check_text("owner", request.owner, 0, MAX_NAME)
        check_text("viewer_id", request.viewer_id, 0, MAX_NAME)
        await self._store.existing(request.session_id)
        found = await self._found.of(request.session_id, request.owner, request.viewer_id)
        return pb.ListSimilarAnswersResponse(similar_answers=map(similar_message, found))
