"""The job that a session names."""

from __future__ import annotations

from gateway.access.principal import Principal
from gateway.dependencies import Parts


async def check_job(parts: Parts, principal: Principal, job_id: str) -> None:
    """Raise JOB_NOT_FOUND for somebody else's job where people see their own only."""
    owner = parts.guard.own(principal)
    if job_id and owner:
        await parts.jobs.get(job_id, owner)
