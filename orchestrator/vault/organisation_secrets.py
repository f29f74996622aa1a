"""Secrets of organisations: given once, kept encrypted, used by this system's own processes and shown to nobody."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import grpc
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from orchestrator.audit.chain.append import note
from orchestrator.audit.chain.entry import Fact
from orchestrator.database import open_sessions
from orchestrator.ownership import everybody
from orchestrator.vault.tables import SecretRow
from orchestrator.vault.wrapping.wrapped import KeyWrapping, UnwrapError, Wrapped
from servicekit.errors import ServiceError
from servicekit.telemetry.logs import get_logger

log = get_logger()
CURRENT, PREVIOUS = "current", "previous"
OVERLAP = timedelta(days=1)
"""For so long a webhook secret that was replaced still signs, beside the new one."""

SET, REMOVED = "secret_set", "secret_removed"
"""What the audit chain calls it; its details name the kind alone."""


class Kind(StrEnum):
    """What a secret is for, by the contract's names."""

    WEBHOOK = "WEBHOOK"
    DEEPL = "DEEPL"
    HUGGINGFACE = "HUGGINGFACE"


class OrganisationSecrets:
    """Secrets by organisation and kind."""

    def __init__(self, engine: AsyncEngine, wrapping: KeyWrapping) -> None:
        """Each is wrapped by `wrapping`."""
        self._sessions, self._wrapping = open_sessions(engine), wrapping

    async def rows(self, organisation: str) -> Sequence[SecretRow]:
        """What an organisation has, still wrapped; what has ended is left out."""
        query = select(SecretRow).where(SecretRow.organisation == organisation).order_by(SecretRow.kind)
        with everybody():
            async with self._sessions() as db:
                found = list(await db.scalars(query))
        return [row for row in found if row.ends_at is None or row.ends_at > datetime.now(UTC)]

    async def has(self, organisation: str, kind: Kind) -> bool:
        """Whether there is a current one."""
        return any((row.kind, row.place) == (kind, CURRENT) for row in await self.rows(organisation))

    async def set(self, organisation: str, kind: Kind, value: str, actor: str) -> None:
        """Set or replace a secret; a webhook's signs on beside the new one for a day.

        Raises SECRET_CHANGED, UPSTREAM_DOWN.
        """
        made, secret_id = datetime.now(UTC), secrets.token_hex(16)
        wrapped = await self._wrapping.wrap(value.encode(), context_of(organisation, kind, secret_id))
        row = SecretRow(
            organisation=organisation,
            kind=kind,
            place=CURRENT,
            id=secret_id,
            wrapped_by=wrapped.by,
            wrapped=wrapped.content,
            created_at=made,
        )
        try:
            async with self._sessions.begin() as db:
                await _make_room(db, organisation, kind, made)
                db.add(row)
                note(db, Fact("", actor, SET, details=kind.lower(), organisation=organisation))
        except IntegrityError:
            raise _changed() from None

    async def remove(self, organisation: str, kind: Kind, actor: str) -> None:
        """Delete a secret, one that was replaced included. Raises SECRET_NOT_FOUND."""
        theirs = SecretRow.organisation == organisation, SecretRow.kind == kind
        async with self._sessions.begin() as db:
            if not list(await db.scalars(delete(SecretRow).where(*theirs).returning(SecretRow.id))):
                raise _not_found(kind)
            note(db, Fact("", actor, REMOVED, details=kind.lower(), organisation=organisation))

    async def signing(self, organisation: str, before: str) -> list[str]:
        """What an organisation's webhooks are signed with, the newest first; `before`: the installation's secret, which
        signs where there is none, and for a day beside the first one. Raises UPSTREAM_DOWN, SECRET_UNREADABLE.
        """
        rows = sorted((row for row in await self.rows(organisation) if row.kind == Kind.WEBHOOK), key=_place)
        found = [await self._opened(row) for row in rows]
        fresh = bool(rows) and rows[0].created_at > datetime.now(UTC) - OVERLAP
        return [*found, before] if before and (not rows or (fresh and len(rows) == 1)) else found

    async def third_parties(self, organisation: str) -> Mapping[Kind, str]:
        """Keys of other companies' services. Raises UPSTREAM_DOWN, SECRET_UNREADABLE."""
        rows = [row for row in await self.rows(organisation) if row.kind != Kind.WEBHOOK]
        return {Kind(row.kind): await self._opened(row) for row in rows}

    async def _opened(self, row: SecretRow) -> str:
        context = context_of(row.organisation, row.kind, row.id)
        try:
            return (await self._wrapping.unwrap(Wrapped(row.wrapped_by, row.wrapped), context)).decode()
        except UnwrapError as error:
            log.error("secret unreadable", kind=row.kind, wrapped_by=row.wrapped_by, why=str(error))
            raise _unreadable(row.kind) from None


def context_of(organisation: str, kind: str, secret_id: str) -> str:
    """What a wrapped secret is bound to."""
    return f"organisations/{organisation}/{kind} {secret_id}"


async def _make_room(db: AsyncSession, organisation: str, kind: Kind, now: datetime) -> None:
    """Move the current webhook secret to the place before, where it ends; other secrets end at once."""
    current = await db.get(SecretRow, (organisation, kind, CURRENT))
    if current is None:
        return
    if kind == Kind.WEBHOOK:
        columns = {"id": current.id, "wrapped_by": current.wrapped_by, "wrapped": current.wrapped}
        places = {"organisation": organisation, "kind": kind, "place": PREVIOUS}
        await db.merge(SecretRow(**places, **columns, created_at=current.created_at, ends_at=now + OVERLAP))
    await db.delete(current)
    await db.flush()


def _place(row: SecretRow) -> bool:
    return row.place != CURRENT


def _changed() -> ServiceError:
    message = "Somebody else has just set this secret. Look at the settings, and set it again if need be."
    return ServiceError(grpc.StatusCode.ABORTED, "SECRET_CHANGED", message)


def _not_found(kind: Kind) -> ServiceError:
    message = f"This organisation has no secret of its own of the kind {kind.lower()}."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "SECRET_NOT_FOUND", message)


def _unreadable(kind: str) -> ServiceError:
    message = f"The organisation's secret of the kind {kind.lower()} cannot be read any more: set it again."
    return ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "SECRET_UNREADABLE", message)
