"""Jobs and invitations, as the gateway sees them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from interview.jobs.v1 import jobs_service_pb2 as pb
from interview.jobs.v1.jobs_service_pb2_grpc import JobsServiceStub

from gateway.orchestrator import Sessions, answered

if TYPE_CHECKING:
    from interview.jobs.v1.jobs_service_pb2_grpc import JobsServiceAsyncStub


class Jobs:
    """Jobs over gRPC. `owner`: only what is theirs; empty: whoever's.

    Every method raises the `ServiceError` behind a failed call.
    """

    def __init__(self, sessions: Sessions) -> None:
        """Over the channel to the orchestrator."""
        self._sessions = sessions

    @cached_property
    def _stub(self) -> JobsServiceAsyncStub:
        return JobsServiceStub(self._sessions.channel)

    @property
    def _timeout_s(self) -> float:
        return self._sessions.timeout_s

    async def create(self, request: pb.CreateJobRequest) -> pb.Job:
        """Record a job."""
        return (await answered(self._stub.CreateJob(request, timeout=self._timeout_s))).job

    async def update(self, request: pb.UpdateJobRequest) -> pb.Job:
        """Change a job."""
        return (await answered(self._stub.UpdateJob(request, timeout=self._timeout_s))).job

    async def get(self, job_id: str, owner: str, version: int = 0) -> pb.Job:
        """One job as it is now (0), or as a version of it was."""
        request = pb.GetJobRequest(job_id=job_id, owner=owner, version=version)
        return (await answered(self._stub.GetJob(request, timeout=self._timeout_s))).job

    async def team(self, job_id: str, owner: str) -> Sequence[pb.TeamMember]:
        """Who belongs to its team, by name; nobody: it is open to all."""
        request = pb.GetTeamRequest(job_id=job_id, owner=owner)
        return (await answered(self._stub.GetTeam(request, timeout=self._timeout_s))).team

    async def set_team(self, request: pb.SetTeamRequest) -> Sequence[pb.TeamMember]:
        """Limit a job to a team, or open it."""
        return (await answered(self._stub.SetTeam(request, timeout=self._timeout_s))).team

    async def list(self, request: pb.ListJobsRequest) -> pb.ListJobsResponse:
        """A page of jobs, newest first."""
        return await answered(self._stub.ListJobs(request, timeout=self._timeout_s))

    async def candidates(self, request: pb.ListCandidatesRequest) -> pb.ListCandidatesResponse:
        """A page of a job's candidates."""
        return await answered(self._stub.ListCandidates(request, timeout=self._timeout_s))

    async def copy(self, request: pb.CopyJobRequest) -> pb.Job:
        """Make a job of another one."""
        return (await answered(self._stub.CopyJob(request, timeout=self._timeout_s))).job

    async def archive(self, job_id: str, owner: str, archived: bool) -> pb.Job:
        """Put a job away or take it out again."""
        request = pb.ArchiveJobRequest(job_id=job_id, owner=owner, archived=archived)
        return (await answered(self._stub.ArchiveJob(request, timeout=self._timeout_s))).job

    async def templates(self) -> Sequence[pb.JobTemplate]:
        """Jobs to start from."""
        request = pb.ListJobTemplatesRequest()
        return (await answered(self._stub.ListJobTemplates(request, timeout=self._timeout_s))).templates

    async def invite(self, request: pb.CreateInvitationsRequest) -> pb.CreateInvitationsResponse:
        """Invite candidates, or hear what is wrong with them."""
        return await answered(self._stub.CreateInvitations(request, timeout=self._timeout_s))

    async def invitations(self, request: pb.ListInvitationsRequest) -> pb.ListInvitationsResponse:
        """A page of a job's invitations, newest first."""
        return await answered(self._stub.ListInvitations(request, timeout=self._timeout_s))

    async def invitation(self, job_id: str, invitation_id: str, owner: str) -> pb.Invitation:
        """One invitation."""
        request = pb.GetInvitationRequest(job_id=job_id, invitation_id=invitation_id, owner=owner)
        return (await answered(self._stub.GetInvitation(request, timeout=self._timeout_s))).invitation

    async def open(self, invitation_id: str) -> pb.OpenInvitationResponse:
        """What a candidate is asked, who opens it now."""
        request = pb.OpenInvitationRequest(invitation_id=invitation_id)
        return await answered(self._stub.OpenInvitation(request, timeout=self._timeout_s))

    async def record(self, invitation_id: str, event: pb.InvitationEvent.ValueType) -> pb.Invitation:
        """Record what happens to an invitation."""
        request = pb.RecordInvitationEventRequest(invitation_id=invitation_id, event=event)
        return (await answered(self._stub.RecordInvitationEvent(request, timeout=self._timeout_s))).invitation

    async def prolong(self, request: pb.ProlongInvitationRequest) -> pb.Invitation:
        """Have a link work for longer, or less long."""
        return (await answered(self._stub.ProlongInvitation(request, timeout=self._timeout_s))).invitation

    async def revoke(self, job_id: str, invitation_id: str, owner: str) -> pb.Invitation:
        """End an invitation."""
        request = pb.RevokeInvitationRequest(job_id=job_id, invitation_id=invitation_id, owner=owner)
        return (await answered(self._stub.RevokeInvitation(request, timeout=self._timeout_s))).invitation
