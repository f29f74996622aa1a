"""`/v1/jobs/{job_id}/team`: who sees a job and what belongs to it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from interview.jobs.v1 import jobs_service_pb2 as pb
from pydantic import Field

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.schemas import Body, ErrorBody
from gateway.wire import body as filled

_MISSING: dict[int | str, dict[str, Any]] = {400: {"model": ErrorBody}, 404: {"model": ErrorBody}}
router = APIRouter(prefix="/v1", tags=["Jobs (v1)"], responses=_MISSING)


class TeamMember(Body):
    """Somebody in a team."""

    principal_id: str
    """A member's id, or `key:` and the id of an API key."""
    name: str
    """Empty for who is not in the organisation any more."""


class Team(Body):
    """Who sees a job beside admins and auditors."""

    team: list[TeamMember]
    """By name; nobody: everybody in the organisation."""


class NewTeam(Body):
    """Who is to see a job from now on."""

    principals: list[str] = Field(max_length=200, examples=[["rina@acme.example"]])
    """Members by id or e-mail address, API keys as `key:` and their id. None: everybody in the organisation."""


@router.get("/jobs/{job_id}/team", summary="A job's team")
async def get_team(job_id: str, parts: PartsDep, principal: PrincipalDep) -> Team:
    """Who sees the job beside admins and auditors."""
    found = await parts.jobs.team(job_id, parts.guard.own(principal))
    return Team(team=[filled(TeamMember, each) for each in found])


@router.put("/jobs/{job_id}/team", summary="Limit a job to a team")
async def set_team(job_id: str, body: NewTeam, parts: PartsDep, principal: PrincipalDep) -> Team:
    """For recruiters and reviewers outside it the job does not exist any more, nor do its candidates."""
    request = pb.SetTeamRequest(job_id=job_id, principals=body.principals, actor_id=principal.id)
    return Team(team=[filled(TeamMember, each) for each in await parts.jobs.set_team(request)])
