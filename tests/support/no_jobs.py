"""An orchestrator's jobs where there are none."""

from __future__ import annotations

from typing import Any

import grpc
from interview.impact.v1.impact_service_pb2_grpc import add_ImpactServiceServicer_to_server
from interview.jobs.v1 import jobs_service_pb2 as jobs_pb
from interview.jobs.v1.jobs_service_pb2_grpc import JobsServiceServicer, add_JobsServiceServicer_to_server

from servicekit.errors import ServiceError, field_invalid
from tests.support.no_impact import NoImpact

Context = grpc.aio.ServicerContext[Any, Any]


class NoJobs(JobsServiceServicer):
    """An orchestrator without any job: `tests.support.recruiting` has one with jobs."""

    async def ListJobs(self, request: jobs_pb.ListJobsRequest, context: Context) -> jobs_pb.ListJobsResponse:
        return jobs_pb.ListJobsResponse()

    async def ListJobTemplates(
        self, request: jobs_pb.ListJobTemplatesRequest, context: Context
    ) -> jobs_pb.ListJobTemplatesResponse:
        return jobs_pb.ListJobTemplatesResponse()

    async def CreateJob(self, request: jobs_pb.CreateJobRequest, context: Context) -> jobs_pb.CreateJobResponse:
        raise field_invalid("policy", "must be one of none")

    async def _missing(self, request: Any, context: Context) -> Any:
        raise ServiceError(grpc.StatusCode.NOT_FOUND, "JOB_NOT_FOUND", "There is no such job.")

    UpdateJob = GetJob = CopyJob = ArchiveJob = CreateInvitations = ListInvitations = GetInvitation = _missing
    OpenInvitation = RecordInvitationEvent = ProlongInvitation = RevokeInvitation = ListCandidates = _missing
    GetTeam = SetTeam = _missing


def add_no_jobs(server: grpc.aio.Server) -> None:
    """The handlers of an orchestrator without jobs."""
    add_JobsServiceServicer_to_server(NoJobs(), server)
    add_ImpactServiceServicer_to_server(NoImpact(), server)
