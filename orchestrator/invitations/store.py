"""Invitations in the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import grpc
from interview.jobs.v1 import jobs_service_pb2 as pb
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from orchestrator.database import open_sessions
from orchestrator.events.outbox import Told, announcements
from orchestrator.invitations.states import InvitationState, Invited, invited, state_now
from orchestrator.invitations.tables import InvitationRow
from orchestrator.jobs.store import VersionedJob, freeze
from orchestrator.jobs.tables import JobRow
from orchestrator.links.store import link_exists
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError

Checking = Callable[[set[str]], bool]
"""Whether candidates can be invited, given the addresses that were before."""


COUNTED = {
    InvitationState.CREATED: "created",
    InvitationState.SENT: "sent",
    InvitationState.OPENED: "opened",
    InvitationState.STARTED: "started",
    InvitationState.HANDED_IN: "handed_in",
    InvitationState.EXPIRED: "expired",
    InvitationState.REVOKED: "revoked",
}
"""Fields of the contract's counts."""


class InvitationStore:
    """Invitations by id. `owner`: only to jobs of theirs; empty: to whoever's."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others. Every method raises UPSTREAM_DOWN while the database is away."""
        self._sessions = open_sessions(engine)

    async def create(self, rows: Sequence[tuple[LinkRow, InvitationRow]], job_id: str, check: Checking) -> None:
        """Insert links with their invitations if `check` allows it, all or none. Raises LINK_EXISTS."""
        try:
            async with self._sessions.begin() as db:
                # Nobody else invites to this job meanwhile, so that nobody is invited twice.
                await db.execute(update(JobRow).where(JobRow.id == job_id).values(updated_at=datetime.now(UTC)))
                if not check(await _addresses(db, job_id)):
                    return
                db.add_all(link for link, _ in rows)
                await db.flush()
                db.add_all(row for _, row in rows)
                for _, row in rows:
                    db.add_all(announcements("invited", await _told(db, row)))
        except IntegrityError:
            raise link_exists() from None

    async def addresses(self, job_id: str) -> set[str]:
        """Addresses that were invited to a job and not revoked, in lower case."""
        async with self._sessions() as db:
            return await _addresses(db, job_id)

    async def page(self, job_id: str, size: int, before: tuple[datetime, str] | None, state: str) -> list[Invited]:
        """Up to `size` of a job's invitations in a state (empty: in any), newest first, older than `before`."""
        query = invited(InvitationRow.job_id == job_id).order_by(LinkRow.created_at.desc(), LinkRow.id.desc())
        if state:
            query = query.where(state_now() == state)
        if before is not None:
            moment, invitation_id = before
            earlier = (LinkRow.created_at == moment) & (LinkRow.id < invitation_id)
            query = query.where((LinkRow.created_at < moment) | earlier)
        async with self._sessions() as db:
            return [Invited(*found) for found in await db.execute(query.limit(size))]

    async def get(self, invitation_id: str, job_id: str = "", owner: str = "") -> Invited:
        """One invitation, to this job (empty: to any). Raises INVITATION_NOT_FOUND."""
        async with self._sessions() as db:
            return await _existing(db, invitation_id, job_id, owner)

    async def among(self, ids: Sequence[str]) -> list[Invited]:
        """Those of these invitations that are there, oldest first."""
        query = invited(InvitationRow.id.in_(ids)).order_by(LinkRow.created_at, LinkRow.id)
        async with self._sessions() as db:
            return [Invited(*found) for found in await db.execute(query)]

    async def told_at(self, job_id: str, callback_url: str) -> Invited | None:
        """The invitation to a job whose end is told there, unless it was revoked."""
        wanted = (InvitationRow.job_id == job_id, InvitationRow.callback_url == callback_url)
        async with self._sessions() as db:
            found = (await db.execute(invited(*wanted, LinkRow.revoked_at.is_(None)))).first()
            return Invited(*found) if found else None

    async def open(self, invitation_id: str) -> tuple[Invited, VersionedJob]:
        """The invitation and what is asked, which stays so from the first time on. Raises INVITATION_NOT_FOUND."""
        async with self._sessions.begin() as db:
            job_id = (await _existing(db, invitation_id)).row.job_id
            job = await freeze(db, job_id, await _seen_version(db, invitation_id, job_id))
        return await self.get(invitation_id), job

    async def record(self, invitation_id: str, column: str, again: bool) -> Invited:
        """Set a column of a time to now, unless it has one and `again` is False. Raises INVITATION_NOT_FOUND."""
        async with self._sessions.begin() as db:
            row = (await _existing(db, invitation_id)).row
            if again or getattr(row, column) is None:
                setattr(row, column, datetime.now(UTC))
                if column == "started_at":
                    db.add_all(announcements("started", await _told(db, row)))
        return await self.get(invitation_id)

    async def prolong(self, invitation_id: str, job_id: str, owner: str, ends: datetime) -> Invited:
        """Have the link end then. Raises INVITATION_NOT_FOUND, INVITATION_ENDED."""
        async with self._sessions.begin() as db:
            found = await _existing(db, invitation_id, job_id, owner)
            if found.state in (InvitationState.REVOKED, InvitationState.HANDED_IN):
                raise _ended()
            found.link.expires_at = ends
        return await self.get(invitation_id)

    async def revoke(self, invitation_id: str, job_id: str, owner: str) -> Invited:
        """End the link. Raises INVITATION_NOT_FOUND."""
        async with self._sessions.begin() as db:
            link = (await _existing(db, invitation_id, job_id, owner)).link
            link.revoked_at = link.revoked_at or datetime.now(UTC)
        return await self.get(invitation_id)

    async def counts(self, job_ids: Sequence[str]) -> dict[str, pb.InvitationCounts]:
        """How many invitations of jobs stand where; jobs without any are missing."""
        states = select(InvitationRow.job_id, state_now().label("state")).join(LinkRow, LinkRow.id == InvitationRow.id)
        states = states.outerjoin(SessionRow, SessionRow.id == InvitationRow.id)
        each = states.where(InvitationRow.job_id.in_(job_ids)).subquery()
        query = select(each.c.job_id, each.c.state, func.count()).group_by(each.c.job_id, each.c.state)
        found: dict[str, pb.InvitationCounts] = {}
        async with self._sessions() as db:
            for job_id, state, count in await db.execute(query):
                setattr(found.setdefault(job_id, pb.InvitationCounts()), COUNTED[InvitationState(state)], count)
        return found


async def forget(sessions: SessionStore, session_id: str) -> None:
    """Delete the invitation that a session came from, with its link: nothing is handed in under it any more."""
    ids = select(InvitationRow.id).where(InvitationRow.id == session_id)
    async with sessions.transaction() as db:
        await db.execute(delete(LinkRow).where(LinkRow.id.in_(ids)))


async def callback_url(sessions: SessionStore, session_id: str) -> str:
    """Where another system wants to be told that a session has completed; empty: nowhere."""
    async with sessions.transaction() as db:
        url = await db.scalar(select(InvitationRow.callback_url).where(InvitationRow.id == session_id))
        return url or ""


async def _existing(db: AsyncSession, invitation_id: str, job_id: str = "", owner: str = "") -> Invited:
    wanted = [InvitationRow.id == invitation_id]
    if job_id:
        wanted.append(InvitationRow.job_id == job_id)
    query = invited(*wanted)
    if owner:
        query = query.join(JobRow, JobRow.id == InvitationRow.job_id).where(JobRow.owner == owner)
    found = (await db.execute(query)).first()
    if found is None:
        raise not_found()
    return Invited(*found)


async def _told(db: AsyncSession, row: InvitationRow) -> Told:
    """Whom to tell of an invitation: whoever follows its job."""
    job = await db.get(JobRow, row.job_id)
    if job is None:
        return Told("", row.id, row.job_id)
    return Told(job.webhook_url, row.id, row.job_id, job.owner, job.organisation)


async def _seen_version(db: AsyncSession, invitation_id: str, job_id: str) -> int:
    """The version that the candidate has seen, or sees now: the newest. Of two that open it at once, one decides."""
    newest = select(JobRow.version).where(JobRow.id == job_id).scalar_subquery()
    opening = update(InvitationRow).where(InvitationRow.id == invitation_id, InvitationRow.job_version.is_(None))
    opening = opening.values(job_version=newest, opened_at=datetime.now(UTC))
    await db.execute(opening.execution_options(synchronize_session=False))
    seen = await db.scalar(select(InvitationRow.job_version).where(InvitationRow.id == invitation_id))
    return seen or 0


async def _addresses(db: AsyncSession, job_id: str) -> set[str]:
    query = select(func.lower(InvitationRow.email)).join(LinkRow, LinkRow.id == InvitationRow.id)
    wanted = InvitationRow.job_id == job_id, InvitationRow.email != "", LinkRow.revoked_at.is_(None)
    return set(await db.scalars(query.where(*wanted)))


def not_found() -> ServiceError:
    """What is said of an invitation that is not there, or to somebody else's job."""
    return ServiceError(grpc.StatusCode.NOT_FOUND, "INVITATION_NOT_FOUND", "There is no such invitation.")


def _ended() -> ServiceError:
    message = "The invitation was withdrawn, or the recordings were submitted: there is nothing to extend."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "INVITATION_ENDED", message)
