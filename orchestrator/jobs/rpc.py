"""Jobs over gRPC."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.jobs.content import Contents, check_title
from orchestrator.jobs.counts import InvitationCounting, SessionCounting
from orchestrator.jobs.store import Change, JobStore, VersionedJob
from orchestrator.jobs.team import Teams
from orchestrator.jobs.templates import templates
from orchestrator.jobs.wire import job_message, moment
from orchestrator.sessions.request import MAX_NAME, check_text, check_url, page_size
from orchestrator.sessions.wire import page_token, page_token_value
from orchestrator.settled import Signing
from servicekit.errors import field_invalid

MAX_URL = 2_000


class JobCalls:
    """Makes, changes, lists, copies and puts away jobs."""

    def __init__(
        self,
        jobs: JobStore,
        contents: Contents,
        invitations: InvitationCounting,
        sessions: SessionCounting,
        signing: Signing,
        teams: Teams,
    ) -> None:
        """Jobs are shown with the counts of their `invitations` and `sessions`."""
        self._jobs, self._contents, self._signing = jobs, contents, signing
        self._invitations, self._sessions, self._teams = invitations, sessions, teams

    async def CreateJob(self, request: pb.CreateJobRequest, context: Any) -> pb.CreateJobResponse:
        """Record a job."""
        check_text("owner", request.owner, 0, MAX_NAME)
        wanted = Change(
            check_title(request.title),
            await self._contents.check(request.content),
            _closing(request.close_time) if request.HasField("close_time") else None,
            webhook_url=await self._webhook(request.webhook_url),
        )
        made = await self._jobs.create(uuid.uuid4().hex, request.owner, wanted)
        return pb.CreateJobResponse(job=await self._counted(made))

    async def UpdateJob(self, request: pb.UpdateJobRequest, context: Any) -> pb.UpdateJobResponse:
        """Change a job; what somebody has seen of it stays."""
        wanted = Change(
            check_title(request.title),
            await self._contents.check(request.content),
            moment("close_time", request.close_time) if request.HasField("close_time") else None,
            request.sha256,
            await self._webhook(request.webhook_url),
        )
        changed = await self._jobs.update(request.job_id, request.owner, wanted)
        return pb.UpdateJobResponse(job=await self._counted(changed))

    async def GetJob(self, request: pb.GetJobRequest, context: Any) -> pb.GetJobResponse:
        """One job."""
        if request.version < 0:
            raise field_invalid("version", "must be 1 or more, or 0 for the newest")
        found = await self._jobs.get(request.job_id, request.owner, request.version)
        return pb.GetJobResponse(job=await self._counted(found))

    async def ListJobs(self, request: pb.ListJobsRequest, context: Any) -> pb.ListJobsResponse:
        """A page of jobs, newest first."""
        check_text("owner", request.owner, 0, MAX_NAME)
        size = page_size(request.page_size)
        before = page_token_value(request.page_token)
        found = await self._jobs.page(size + 1, before, request.owner, request.archived)
        token = page_token(found[size - 1].row) if len(found) > size else ""
        return pb.ListJobsResponse(jobs=await self._all_counted(found[:size]), next_page_token=token)

    async def CopyJob(self, request: pb.CopyJobRequest, context: Any) -> pb.CopyJobResponse:
        """Make a job with the newest content of another one."""
        check_text("new_owner", request.new_owner, 0, MAX_NAME)
        title = check_title(request.title)
        found = await self._jobs.get(request.job_id, request.owner)
        made = await self._jobs.create(uuid.uuid4().hex, request.new_owner, Change(title, found.content, None))
        await self._teams.copy(found.row.id, made.row.id)
        return pb.CopyJobResponse(job=await self._counted(made))

    async def ArchiveJob(self, request: pb.ArchiveJobRequest, context: Any) -> pb.ArchiveJobResponse:
        """Put a job away or take it out again."""
        found = await self._jobs.archive(request.job_id, request.owner, request.archived)
        return pb.ArchiveJobResponse(job=await self._counted(found))

    async def ListJobTemplates(self, request: pb.ListJobTemplatesRequest, context: Any) -> pb.ListJobTemplatesResponse:
        """Jobs to start from."""
        return pb.ListJobTemplatesResponse(templates=templates())

    async def _webhook(self, url: str) -> str:
        """Whom to tell. Raises FIELD_INVALID."""
        if url:
            await self._signing.check()
        check_text("webhook_url", url, 0, MAX_URL)
        return check_url("webhook_url", url) if url else ""

    async def _counted(self, job: VersionedJob) -> pb.Job:
        return (await self._all_counted([job]))[0]

    async def _all_counted(self, jobs: Sequence[VersionedJob]) -> list[pb.Job]:
        ids = [job.row.id for job in jobs]
        invitations, sessions = await self._invitations.counts(ids), await self._sessions.counts(ids)
        return [
            job_message(
                job,
                invitations.get(job.row.id, pb.InvitationCounts()),
                sessions.get(job.row.id, pb.SessionCounts()),
            )
            for job in jobs
        ]


def _closing(value: Timestamp) -> datetime:
    found = moment("close_time", value)
    if found <= datetime.now(UTC):
        raise field_invalid("close_time", "must be in the future")
    return found
