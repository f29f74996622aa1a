"""Notes, as the gateway sees them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.orchestrator.v1.orchestrator_service_pb2_grpc import OrchestratorServiceStub

from gateway.orchestrator import Sessions, answered

if TYPE_CHECKING:
    from interview.orchestrator.v1.orchestrator_service_pb2_grpc import OrchestratorServiceAsyncStub


class Notes:
    """The shortlist and comments over gRPC. Every method raises the `ServiceError` behind a failed call."""

    def __init__(self, sessions: Sessions) -> None:
        """Over the channel to the orchestrator."""
        self._sessions = sessions

    @cached_property
    def _stub(self) -> OrchestratorServiceAsyncStub:
        return OrchestratorServiceStub(self._sessions.channel)

    @property
    def _timeout_s(self) -> float:
        return self._sessions.timeout_s

    async def set_shortlisted(self, session_id: str, shortlisted: bool, actor: str) -> pb.Session:
        """Put a candidate on the shortlist or take them off it."""
        request = pb.SetShortlistedRequest(session_id=session_id, shortlisted=shortlisted, actor=actor)
        return (await answered(self._stub.SetShortlisted(request, timeout=self._timeout_s))).session

    async def add(self, request: pb.AddCommentRequest) -> pb.Comment:
        """Record a comment."""
        return (await answered(self._stub.AddComment(request, timeout=self._timeout_s))).comment

    async def list(self, session_id: str) -> Sequence[pb.Comment]:
        """Every comment on a session, oldest first."""
        request = pb.ListCommentsRequest(session_id=session_id)
        return (await answered(self._stub.ListComments(request, timeout=self._timeout_s))).comments

    async def delete(self, request: pb.DeleteCommentRequest) -> None:
        """Delete a comment."""
        await answered(self._stub.DeleteComment(request, timeout=self._timeout_s))
