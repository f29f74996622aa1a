"""Adverse impact over gRPC."""

from __future__ import annotations

from typing import Any

import grpc
from interview.impact.v1 import impact_service_pb2 as pb

from orchestrator.impact.reporting import Reporting
from orchestrator.impact.store import ImpactStore
from orchestrator.jobs.store import JobStore
from servicekit.errors import ServiceError


class ImpactCalls:
    """`ImpactService`: asks for groups, and tells of them in counts only."""

    def __init__(self, store: ImpactStore, jobs: JobStore) -> None:
        """Answers are in `store`, what they belong to in `jobs`."""
        self._store, self._jobs, self._reporting = store, jobs, Reporting(store)

    async def GetGroupQuestions(
        self, request: pb.GetGroupQuestionsRequest, context: Any
    ) -> pb.GetGroupQuestionsResponse:
        """What a job asks."""
        await self._jobs.get(request.job_id, request.owner)
        return pb.GetGroupQuestionsResponse(characteristics=await self._store.questions(request.job_id))

    async def SetGroupQuestions(
        self, request: pb.SetGroupQuestionsRequest, context: Any
    ) -> pb.SetGroupQuestionsResponse:
        """Set what a job asks."""
        await self._jobs.get(request.job_id, request.owner)
        asked = await self._store.ask(request.job_id, request.characteristics)
        return pb.SetGroupQuestionsResponse(characteristics=asked)

    async def OpenGroupQuestions(
        self, request: pb.OpenGroupQuestionsRequest, context: Any
    ) -> pb.OpenGroupQuestionsResponse:
        """What a candidate is asked."""
        asked, answered = await self._store.opened(request.invitation_id)
        return pb.OpenGroupQuestionsResponse(characteristics=asked, answered=answered)

    async def RecordGroups(self, request: pb.RecordGroupsRequest, context: Any) -> pb.RecordGroupsResponse:
        """Keep what a candidate says of themselves."""
        return pb.RecordGroupsResponse(answered=await self._store.answer(request.invitation_id, request.answers))

    async def GetImpactReport(self, request: pb.GetImpactReportRequest, context: Any) -> pb.GetImpactReportResponse:
        """How groups fare in a job."""
        job = (await self._jobs.get(request.job_id, request.owner)).row
        report = await self._reporting.report(job)
        if report is None:
            message = "This job does not ask its candidates for their groups."
            raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "NO_GROUP_QUESTIONS", message)
        return pb.GetImpactReportResponse(report=report)
