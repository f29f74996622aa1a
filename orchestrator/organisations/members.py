"""Members in the database."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from enum import StrEnum

import grpc
from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import aliased

from orchestrator.database import open_sessions
from orchestrator.organisations.tables import MemberRow, OrganisationRow
from orchestrator.ownership import acting_for, everybody
from servicekit.errors import ServiceError


class Role(StrEnum):
    """What a member may do, by the contract's names."""

    ADMIN = "ADMIN"
    RECRUITER = "RECRUITER"
    REVIEWER = "REVIEWER"
    AUDITOR = "AUDITOR"


class MemberStore:
    """Members of the organisation that the call acts for, by id."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others. Every method raises UPSTREAM_DOWN while the database is away."""
        self._sessions = open_sessions(engine)

    async def all(self) -> list[MemberRow]:
        """Every member, by address."""
        async with self._sessions() as db:
            return list(await db.scalars(select(MemberRow).order_by(MemberRow.email, MemberRow.created_at)))

    async def add(self, email: str, name: str, role: Role) -> MemberRow:
        """A new member. Raises MEMBER_EXISTS."""
        row = _row(name, role, email=email)
        try:
            async with self._sessions.begin() as db:
                db.add(row)
        except IntegrityError:
            raise _exists() from None
        return row

    async def get(self, member_id: str) -> MemberRow:
        """One member. Raises MEMBER_NOT_FOUND."""
        async with self._sessions() as db:
            return await _existing(db, member_id)

    async def change(self, member_id: str, role: Role) -> MemberRow:
        """Give a member another role. Raises MEMBER_NOT_FOUND, LAST_ADMIN."""
        async with self._sessions.begin() as db:
            row = await _existing(db, member_id)
            if role != Role.ADMIN:
                await _check_other_admin(db, row)
            row.role = role
        return row

    async def remove(self, member_id: str) -> None:
        """Remove a member. Raises MEMBER_NOT_FOUND, LAST_ADMIN."""
        async with self._sessions.begin() as db:
            row = await _existing(db, member_id)
            await _check_other_admin(db, row)
            await db.delete(row)

    async def sign_in(self, subject: str, email: str, name: str, organisation: str) -> MemberRow:
        """Who has signed in, in an organisation or (empty) in the one they became a member of first.

        Members that were known by the address, in any organisation, are known by the subject from now on, and nobody
        else by that address. Raises MEMBER_NOT_FOUND.
        """
        unclaimed = MemberRow.subject.is_(None) & (MemberRow.email == email)
        wanted = or_(MemberRow.subject == subject, unclaimed) if email else MemberRow.subject == subject
        query = select(MemberRow).where(wanted).order_by(MemberRow.subject.is_(None), MemberRow.created_at).limit(1)
        with acting_for(organisation) if organisation else everybody():
            async with self._sessions.begin() as db:
                row = await db.scalar(query)
                if row is None:
                    raise _not_found()
                row.subject, row.name = subject, name or row.name
                row.signed_in_at = datetime.now(UTC)
        if email:
            await self._claim(subject, email, name)
        return row

    async def memberships(self, subject: str) -> list[OrganisationRow]:
        """The organisations that somebody is a member of, by name."""
        query = select(OrganisationRow).join(MemberRow, MemberRow.organisation == OrganisationRow.id)
        with everybody():
            async with self._sessions() as db:
                found = await db.scalars(query.where(MemberRow.subject == subject).order_by(OrganisationRow.name))
                return list(found)

    async def _claim(self, subject: str, email: str, name: str) -> None:
        """Let a person be known by the subject in the other organisations too that know the address only."""
        known = aliased(MemberRow)
        there = exists().where(known.organisation == MemberRow.organisation, known.subject == subject)
        unclaimed = select(MemberRow).where(MemberRow.subject.is_(None), MemberRow.email == email, ~there)
        with everybody():
            async with self._sessions.begin() as db:
                for row in await db.scalars(unclaimed):
                    row.subject, row.name = subject, name or row.name

    async def enrol(self, subject: str, email: str, name: str, organisation: str, role: Role) -> MemberRow:
        """Who has signed in, with the role that the sign-in server says, as a member from now on."""
        try:
            row = await self.sign_in(subject, email, name, organisation)
        except ServiceError as error:
            if error.reason != "MEMBER_NOT_FOUND":
                raise
            row = _row(name, role, subject=subject)
        row.role, row.organisation = role, organisation
        row.signed_in_at = datetime.now(UTC)
        with acting_for(organisation):
            async with self._sessions.begin() as db:
                return await db.merge(row)


def _row(name: str, role: Role, email: str | None = None, subject: str | None = None) -> MemberRow:
    made = datetime.now(UTC)
    return MemberRow(
        id=secrets.token_hex(8), email=email, subject=subject, name=name, role=role, created_at=made, signed_in_at=None
    )


async def _existing(db: AsyncSession, member_id: str) -> MemberRow:
    row = await db.get(MemberRow, member_id)
    if row is None:
        raise _not_found()
    return row


async def _check_other_admin(db: AsyncSession, row: MemberRow) -> None:
    """An organisation that had an admin keeps one. The rows are locked: of two that leave at once, one stays."""
    if row.role != Role.ADMIN:
        return
    admins = select(MemberRow.id).where(MemberRow.role == Role.ADMIN, MemberRow.organisation == row.organisation)
    if set(await db.scalars(admins.with_for_update())) <= {row.id}:
        raise _last_admin()


def _not_found() -> ServiceError:
    return ServiceError(grpc.StatusCode.NOT_FOUND, "MEMBER_NOT_FOUND", "There is no such member.")


def _exists() -> ServiceError:
    message = "Somebody with this address is a member already. Change their role instead."
    return ServiceError(grpc.StatusCode.ALREADY_EXISTS, "MEMBER_EXISTS", message)


def _last_admin() -> ServiceError:
    message = "This is the only admin. Make another member an admin first."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "LAST_ADMIN", message)
