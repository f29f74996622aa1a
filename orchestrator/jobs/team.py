"""Teams of jobs: who sees a job and what belongs to it. What that means is in `orchestrator.ownership`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interview.jobs.v1 import jobs_service_pb2 as pb
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact
from orchestrator.audit.chain.store import ANYBODY
from orchestrator.database import open_sessions
from orchestrator.jobs.store import JobStore
from orchestrator.jobs.tables import TeamRow
from orchestrator.keys.tables import ApiKeyRow
from orchestrator.organisations.tables import MemberRow
from orchestrator.sessions.request import MAX_NAME, check_text
from servicekit.errors import field_invalid

MOST, MAX_PRINCIPAL = 200, 254
KEY = "key:"
CHANGED = "team_changed"
"""What the audit chain calls it."""


class Teams:
    """Teams by job, in the organisation that the call acts for."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others. Every method raises UPSTREAM_DOWN while the database is away."""
        self._sessions = open_sessions(engine)

    async def of(self, job_id: str) -> list[pb.TeamMember]:
        """A job's team by name, empty where it has none."""
        names = {row: name for row, (name, _) in (await self._known()).items()}
        async with self._sessions() as db:
            found = list(await db.scalars(select(TeamRow.principal_id).where(TeamRow.job_id == job_id)))
        team = [pb.TeamMember(principal_id=each, name=names.get(each, "")) for each in found]
        return sorted(team, key=lambda member: (member.name, member.principal_id))

    async def set(self, job_id: str, principals: Sequence[str], actor: str) -> None:
        """Replace a job's team. Raises FIELD_INVALID for somebody who is not in the organisation."""
        known = await self._known()
        by_address = {address: principal for principal, (_, address) in known.items() if address}
        wanted = {by_address.get(each.strip().lower(), each.strip()) for each in principals}
        if unknown := wanted - set(known):
            raise field_invalid("principals", f"names {len(unknown)} who are no member or key of this organisation")
        async with self._sessions.begin() as db:
            await db.execute(delete(TeamRow).where(TeamRow.job_id == job_id))
            db.add_all(TeamRow(job_id=job_id, principal_id=each) for each in wanted)
            note(db, Fact("", actor or ANYBODY, CHANGED, details=f"job {job_id}: {' '.join(sorted(wanted))}"))

    async def copy(self, job_id: str, new_id: str) -> None:
        """Give a copy of a job the same team."""
        async with self._sessions.begin() as db:
            found = list(await db.scalars(select(TeamRow.principal_id).where(TeamRow.job_id == job_id)))
            db.add_all(TeamRow(job_id=new_id, principal_id=each) for each in found)

    async def _known(self) -> dict[str, tuple[str, str]]:
        """Name and e-mail address of whoever may be in a team, by id."""
        async with self._sessions() as db:
            members = list(await db.scalars(select(MemberRow)))
            keys = list(await db.scalars(select(ApiKeyRow)))
        found = {row.id: (row.name or row.email or "", row.email or "") for row in members}
        return found | {f"{KEY}{row.id}": (row.name, "") for row in keys}


class TeamCalls:
    """What `JobsService` has of teams."""

    def __init__(self, jobs: JobStore, teams: Teams) -> None:
        """Jobs are in `jobs`."""
        self._jobs, self._teams = jobs, teams

    async def GetTeam(self, request: pb.GetTeamRequest, context: Any) -> pb.GetTeamResponse:
        """Who belongs to it."""
        check_text("owner", request.owner, 0, MAX_NAME)
        job = await self._jobs.get(request.job_id, request.owner)
        return pb.GetTeamResponse(team=await self._teams.of(job.row.id))

    async def SetTeam(self, request: pb.SetTeamRequest, context: Any) -> pb.SetTeamResponse:
        """Limit or open it."""
        check_text("actor_id", request.actor_id, 0, MAX_NAME)
        if len(request.principals) > MOST:
            raise field_invalid("principals", f"must be at most {MOST}")
        for each in request.principals:
            check_text("principals", each, 1, MAX_PRINCIPAL)
        job = await self._jobs.get(request.job_id, "")
        await self._teams.set(job.row.id, request.principals, request.actor_id)
        return pb.SetTeamResponse(team=await self._teams.of(job.row.id))
