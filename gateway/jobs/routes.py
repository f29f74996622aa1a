"""`/v1/jobs`: make, look at, change, copy and put away jobs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from interview.jobs.v1 import jobs_service_pb2 as pb

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.jobs.schemas import ChangedJob, CopyName, Job, JobPage, JobTemplates, NewJob
from gateway.jobs.wire import changed_job, job_body, new_job, template_body
from gateway.schemas import ErrorBody
from gateway.settings import GatewaySettings
from servicekit.errors import field_invalid

_REFUSED: dict[int | str, dict[str, Any]] = {400: {"model": ErrorBody}}
_MISSING: dict[int | str, dict[str, Any]] = {**_REFUSED, 404: {"model": ErrorBody}}
router = APIRouter(prefix="/v1", tags=["Jobs (v1)"], responses=_REFUSED)


@router.get("/job-templates", summary="Jobs to start from")
async def list_templates(parts: PartsDep) -> JobTemplates:
    """Whole jobs, to be changed to what the work is about."""
    return JobTemplates(templates=[template_body(template) for template in await parts.jobs.templates()])


@router.get("/jobs", summary="List jobs")
async def list_jobs(
    parts: PartsDep,
    principal: PrincipalDep,
    archived: Annotated[bool, Query(description="Those that were put away, instead of the others.")] = False,
    page_size: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    page_token: Annotated[str, Query(max_length=500, description="`next_page_token` of the page before.")] = "",
) -> JobPage:
    """Jobs, newest first, with how many invitations and sessions stand where."""
    owner = parts.guard.own(principal)
    request = pb.ListJobsRequest(page_size=page_size, page_token=page_token, owner=owner, archived=archived)
    page = await parts.jobs.list(request)
    return JobPage(jobs=[job_body(job) for job in page.jobs], next_page_token=page.next_page_token)


@router.post("/jobs", summary="Make a job", status_code=201)
async def make_job(body: NewJob, parts: PartsDep, principal: PrincipalDep) -> Job:
    """What candidates are asked; they are invited under `/v1/jobs/{job_id}/invitations`."""
    _check_limits(body, parts.settings)
    return job_body(await parts.jobs.create(new_job(body, principal.id)))


@router.get("/jobs/{job_id}", summary="One job", responses=_MISSING)
async def get_job(
    job_id: str,
    parts: PartsDep,
    principal: PrincipalDep,
    version: Annotated[int, Query(ge=0, lt=2**31, description="Of its content; 0: the newest.")] = 0,
) -> Job:
    """The job as it is now, or as a version of it was."""
    return job_body(await parts.jobs.get(job_id, parts.guard.own(principal), version))


@router.put("/jobs/{job_id}", summary="Change a job", responses={**_MISSING, 409: {"model": ErrorBody}})
async def change_job(job_id: str, body: ChangedJob, parts: PartsDep, principal: PrincipalDep) -> Job:
    """All of it is replaced. What somebody has seen stays as it was for them: other questions, rubrics, policy or
    consent are a new version then, for whoever has not opened their link yet.
    """
    _check_limits(body, parts.settings)
    return job_body(await parts.jobs.update(changed_job(job_id, body, parts.guard.own(principal))))


@router.post("/jobs/{job_id}:copy", summary="Copy a job", status_code=201, responses=_MISSING)
async def copy_job(job_id: str, body: CopyName, parts: PartsDep, principal: PrincipalDep) -> Job:
    """A new job with the same content, without its invitations and its closing date."""
    owner = parts.guard.own(principal)
    request = pb.CopyJobRequest(job_id=job_id, title=body.title, owner=owner, new_owner=principal.id)
    return job_body(await parts.jobs.copy(request))


@router.post("/jobs/{job_id}:archive", summary="Put a job away", responses=_MISSING)
async def archive_job(job_id: str, parts: PartsDep, principal: PrincipalDep) -> Job:
    """Nobody is invited to it any more; links that were given out still work, and its sessions stay."""
    return job_body(await parts.jobs.archive(job_id, parts.guard.own(principal), archived=True))


@router.post("/jobs/{job_id}:restore", summary="Take a job out again", responses=_MISSING)
async def restore_job(job_id: str, parts: PartsDep, principal: PrincipalDep) -> Job:
    """It is listed again, and people can be invited to it."""
    return job_body(await parts.jobs.archive(job_id, parts.guard.own(principal), archived=False))


def _check_limits(job: NewJob, settings: GatewaySettings) -> None:
    """Refuse what this gateway would not take from a candidate's hand. Raises FIELD_INVALID."""
    if len(job.questions) > settings.max_videos:
        raise field_invalid("questions", f"must be {settings.max_videos} at most here")
    if max(len(question.text) for question in job.questions) > settings.max_question_chars:
        raise field_invalid("questions", f"must have {settings.max_question_chars} characters at most here")
