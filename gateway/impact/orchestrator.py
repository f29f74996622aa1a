"""Adverse impact, as the gateway sees it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from interview.impact.v1 import impact_service_pb2 as pb
from interview.impact.v1.impact_service_pb2_grpc import ImpactServiceStub

from gateway.orchestrator import Sessions, answered

if TYPE_CHECKING:
    from interview.impact.v1.impact_service_pb2_grpc import ImpactServiceAsyncStub


class Impact:
    """Group questions and reports over gRPC. Every method raises the `ServiceError` behind a failed call."""

    def __init__(self, sessions: Sessions) -> None:
        """Over the channel to the orchestrator."""
        self._sessions = sessions

    @cached_property
    def _stub(self) -> ImpactServiceAsyncStub:
        return ImpactServiceStub(self._sessions.channel)

    @property
    def _timeout_s(self) -> float:
        return self._sessions.timeout_s

    async def questions(self, job_id: str, owner: str) -> Sequence[pb.Characteristic]:
        """What a job of an owner (empty: anybody's) asks."""
        request = pb.GetGroupQuestionsRequest(job_id=job_id, owner=owner)
        return (await answered(self._stub.GetGroupQuestions(request, timeout=self._timeout_s))).characteristics

    async def ask(self, request: pb.SetGroupQuestionsRequest) -> Sequence[pb.Characteristic]:
        """Set what a job asks."""
        return (await answered(self._stub.SetGroupQuestions(request, timeout=self._timeout_s))).characteristics

    async def opened(self, invitation_id: str) -> pb.OpenGroupQuestionsResponse:
        """What a candidate is asked, and whether they have answered."""
        request = pb.OpenGroupQuestionsRequest(invitation_id=invitation_id)
        return await answered(self._stub.OpenGroupQuestions(request, timeout=self._timeout_s))

    async def record(self, request: pb.RecordGroupsRequest) -> bool:
        """Keep a candidate's answers; whether there are any now."""
        return (await answered(self._stub.RecordGroups(request, timeout=self._timeout_s))).answered

    async def report(self, job_id: str, owner: str) -> pb.ImpactReport:
        """How groups fare in a job."""
        request = pb.GetImpactReportRequest(job_id=job_id, owner=owner)
        return (await answered(self._stub.GetImpactReport(request, timeout=self._timeout_s))).report
