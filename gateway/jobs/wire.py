"""Jobs to and from the orchestrator's messages."""

from __future__ import annotations

from interview.jobs.v1 import jobs_service_pb2 as pb

from gateway.jobs import schemas
from gateway.wire import body, message
from servicekit.wire import timestamp


def content_message(content: schemas.JobContent) -> pb.JobContent:
    """What candidates are asked."""
    made = message(pb.JobContent, content)
    made.language_code = content.language
    return made


def new_job(job: schemas.NewJob, owner: str) -> pb.CreateJobRequest:
    """A job that is made."""
    return pb.CreateJobRequest(
        title=job.title,
        content=content_message(job),
        close_time=timestamp(job.close_time),
        owner=owner,
        webhook_url=job.webhook_url,
    )


def changed_job(job_id: str, job: schemas.ChangedJob, owner: str) -> pb.UpdateJobRequest:
    """A job that is changed."""
    return pb.UpdateJobRequest(
        job_id=job_id,
        title=job.title,
        content=content_message(job),
        close_time=timestamp(job.close_time),
        sha256=job.sha256,
        owner=owner,
        webhook_url=job.webhook_url,
    )


def content_body(content: pb.JobContent) -> schemas.JobContent:
    """What candidates are asked."""
    return body(schemas.JobContent, content, language=content.language_code)


def job_body(job: pb.Job) -> schemas.Job:
    """The body of `/v1/jobs/{id}`."""
    return body(schemas.Job, job, **content_body(job.content).model_dump())


def template_body(template: pb.JobTemplate) -> schemas.JobTemplate:
    """A job to start from."""
    return body(schemas.JobTemplate, template, **content_body(template.content).model_dump())
