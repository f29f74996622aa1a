"""Keys of organisations: between the key that is kept elsewhere and the data keys of their sessions."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TypeVarTuple

import grpc
from sqlalchemy import Select, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact
from orchestrator.database import open_sessions
from orchestrator.ownership import everybody
from orchestrator.sessions.tables import SessionRow
from orchestrator.vault.tables import DataKeyRow, OrganisationKeyRow
from orchestrator.vault.wrapping.local import KEY_BYTES, locked, unlocked
from orchestrator.vault.wrapping.wrapped import KeyWrapping, UnwrapError, Wrapped
from servicekit.errors import ServiceError
from servicekit.telemetry.logs import get_logger

Ts = TypeVarTuple("Ts")
log = get_logger()
KIND = "organisation"
"""How `wrapped_by` of a data key begins that one of these wraps; the key's id follows."""

MADE, DELETED = "organisation_key_made", "organisation_key_deleted"
"""What the audit chain calls it."""


class OrganisationKeys:
    """At most one per organisation; what is deleted is found by nobody from then on."""

    def __init__(self, engine: AsyncEngine, wrapping: KeyWrapping) -> None:
        """Each is wrapped by `wrapping`."""
        self._sessions, self._wrapping = open_sessions(engine), wrapping

    async def current(self, organisation: str) -> OrganisationKeyRow | None:
        """An organisation's key, if it has one."""
        of_theirs = OrganisationKeyRow.organisation == organisation, OrganisationKeyRow.deleted_at.is_(None)
        with everybody():
            async with self._sessions() as db:
                found = select(OrganisationKeyRow).where(*of_theirs).order_by(OrganisationKeyRow.created_at)
                return await db.scalar(found.limit(1))

    async def last_deleted(self, organisation: str) -> datetime | None:
        """When an organisation's key was deleted last."""
        query = select(func.max(OrganisationKeyRow.deleted_at))
        async with self._sessions() as db:
            return await db.scalar(query.where(OrganisationKeyRow.organisation == organisation))

    async def make(self, organisation: str, name: str, actor: str) -> OrganisationKeyRow:
        """A new key, wrapped by the key service's key `name` (empty: its usual one).

        Raises ORGANISATION_KEY_EXISTS, KEY_NAME_REFUSED, UPSTREAM_DOWN.
        """
        if await self.current(organisation) is not None:
            raise _exists()
        key_id = secrets.token_hex(16)
        wrapped = await self._wrapping.wrap(secrets.token_bytes(KEY_BYTES), context_of(organisation, key_id), name)
        row = OrganisationKeyRow(
            id=key_id,
            organisation=organisation,
            name=name,
            wrapped_by=wrapped.by,
            wrapped=wrapped.content,
            created_at=datetime.now(UTC),
        )
        async with self._sessions.begin() as db:
            db.add(row)
            note(db, Fact("", actor, MADE, details=key_id, organisation=organisation))
        return row

    async def delete(self, organisation: str, actor: str) -> None:
        """Delete an organisation's key: what it has encrypted is unreadable. Raises ORGANISATION_KEY_NOT_FOUND."""
        of_theirs = OrganisationKeyRow.organisation == organisation, OrganisationKeyRow.deleted_at.is_(None)
        gone = update(OrganisationKeyRow).where(*of_theirs).values(wrapped=None, deleted_at=datetime.now(UTC))
        async with self._sessions.begin() as db:
            ids = list(await db.scalars(gone.returning(OrganisationKeyRow.id)))
            if not ids:
                raise _not_found()
            note(db, Fact("", actor, DELETED, details=" ".join(sorted(ids)), organisation=organisation))

    async def wrap(self, row: OrganisationKeyRow, secret: bytes, context: str) -> Wrapped:
        """Encrypt a data key with an organisation's. Raises UnwrapError, UPSTREAM_DOWN."""
        return Wrapped(f"{KIND}:{row.id}", locked(await self._opened(row), secret, context))

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Decrypt it. Raises ORGANISATION_KEY_DELETED, UnwrapError, UPSTREAM_DOWN."""
        with everybody():
            async with self._sessions() as db:
                row = await db.get(OrganisationKeyRow, wrapped.by.removeprefix(f"{KIND}:"))
        if row is None:
            raise UnwrapError(f"there is no key {wrapped.by}")
        return unlocked(await self._opened(row), wrapped.content, context)

    async def covered(self, organisation: str) -> tuple[int, int]:
        """How many of an organisation's encrypted sessions its key covers, and how many there are."""
        row = await self.current(organisation)
        query = _of_sessions(select(func.count()), organisation)
        async with self._sessions() as db:
            total = await db.scalar(query) or 0
            mine = DataKeyRow.wrapped_by == f"{KIND}:{row.id}" if row else DataKeyRow.wrapped_by.is_(None)
            return await db.scalar(query.where(mine)) or 0, total

    async def cover(self, most: int) -> int:
        """Wrap up to `most` data keys anew that belong to organisations with a key and were made before it."""
        with everybody():
            async with self._sessions() as db:
                keys = list(await db.scalars(select(OrganisationKeyRow).where(OrganisationKeyRow.deleted_at.is_(None))))
        done = 0
        for key in keys:
            done += await self._cover(key, most - done)
        return done

    async def _cover(self, key: OrganisationKeyRow, most: int) -> int:
        query = _of_sessions(select(DataKeyRow), key.organisation).where(~DataKeyRow.wrapped_by.startswith(f"{KIND}:"))
        with everybody():
            async with self._sessions() as db:
                rows = list(await db.scalars(query.order_by(DataKeyRow.folder).limit(most)))
        return sum([await self._covered(key, row) for row in rows])

    async def _covered(self, key: OrganisationKeyRow, row: DataKeyRow) -> int:
        context = f"{row.folder} {row.key_id}"
        try:
            secret = await self._wrapping.unwrap(Wrapped(row.wrapped_by, row.wrapped), context)
            wrapped = await self.wrap(key, secret, context)
        except UnwrapError as error:
            log.error("data key unreadable", folder=row.folder, wrapped_by=row.wrapped_by, why=str(error))
            return 0
        same = DataKeyRow.folder == row.folder, DataKeyRow.wrapped == row.wrapped
        changed = update(DataKeyRow).where(*same).values(wrapped_by=wrapped.by, wrapped=wrapped.content)
        async with self._sessions.begin() as db:
            await db.execute(changed)
        return 1

    async def _opened(self, row: OrganisationKeyRow) -> bytes:
        if row.wrapped is None or row.deleted_at is not None:
            raise key_deleted(row.deleted_at)
        return await self._wrapping.unwrap(Wrapped(row.wrapped_by, row.wrapped), context_of(row.organisation, row.id))


def context_of(organisation: str, key_id: str) -> str:
    """What an organisation's wrapped key is bound to."""
    return f"organisations/{organisation} {key_id}"


def _of_sessions(query: Select[*Ts], organisation: str) -> Select[*Ts]:
    """Over the data keys of an organisation's sessions."""
    folder = literal("sessions/").concat(SessionRow.id)
    return query.join_from(DataKeyRow, SessionRow, DataKeyRow.folder == folder).where(
        SessionRow.organisation == organisation
    )


def key_deleted(when: datetime | None) -> ServiceError:
    """What is said of whatever an organisation's deleted key has encrypted."""
    day = f" on {when:%Y-%m-%d}" if when else ""
    message = f"The organisation's encryption key was deleted{day}: this can never be read again, only deleted."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "ORGANISATION_KEY_DELETED", message)


def _exists() -> ServiceError:
    message = "This organisation has an encryption key already. Delete that first: what it has encrypted is lost then."
    return ServiceError(grpc.StatusCode.ALREADY_EXISTS, "ORGANISATION_KEY_EXISTS", message)


def _not_found() -> ServiceError:
    message = "This organisation has no encryption key of its own."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "ORGANISATION_KEY_NOT_FOUND", message)
