"""An orchestrator that nobody notes anything in."""

from __future__ import annotations

from typing import Any

import grpc
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.orchestrator.v1.orchestrator_service_pb2_grpc import OrchestratorServiceServicer

from servicekit.errors import ServiceError

Context = grpc.aio.ServicerContext[Any, Any]


class NoNotes(OrchestratorServiceServicer):
    """No comments, nobody on the shortlist, nobody told: `tests.support.recruiting` has one with notes."""

    async def ListComments(self, request: pb.ListCommentsRequest, context: Context) -> pb.ListCommentsResponse:
        return pb.ListCommentsResponse()

    async def ListScorecards(self, request: pb.ListScorecardsRequest, context: Context) -> pb.ListScorecardsResponse:
        return pb.ListScorecardsResponse(people=pb.Agreement(), machine=pb.Agreement())

    async def ListSimilarAnswers(
        self, request: pb.ListSimilarAnswersRequest, context: Context
    ) -> pb.ListSimilarAnswersResponse:
        return pb.ListSimilarAnswersResponse()

    async def ListDeliveries(self, request: pb.ListDeliveriesRequest, context: Context) -> pb.ListDeliveriesResponse:
        return pb.ListDeliveriesResponse()

    async def ResendDelivery(self, request: pb.ResendDeliveryRequest, context: Context) -> pb.ResendDeliveryResponse:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "DELIVERY_NOT_FOUND", "There is no such delivery.")

    async def _missing(self, request: Any, context: Context) -> Any:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "SESSION_NOT_FOUND", "There is no such session.")

    SetShortlisted = AddComment = DeleteComment = RecordScorecard = _missing
