"""Organisations in the database."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import grpc
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.audit.chain.entry import FIRST
from orchestrator.audit.chain.tables import ChainHeadRow
from orchestrator.database import open_sessions
from orchestrator.organisations.tables import OrganisationRow
from orchestrator.ownership import everybody
from servicekit.errors import ServiceError


class OrganisationStore:
    """Organisations by id."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others. Every method raises UPSTREAM_DOWN while the database is away."""
        self._sessions = open_sessions(engine)
        self._known: set[str] = set()

    async def create(self, organisation_id: str, name: str) -> OrganisationRow:
        """A new organisation with an audit chain of its own. Raises ORGANISATION_EXISTS."""
        row = OrganisationRow(id=organisation_id, name=name, created_at=datetime.now(UTC))
        with everybody():
            try:
                async with self._sessions.begin() as db:
                    number = (await db.scalar(select(func.max(ChainHeadRow.id))) or 0) + 1
                    head = ChainHeadRow(id=number, sequence=0, hash=FIRST, salt=secrets.token_hex(32))
                    head.organisation = organisation_id
                    db.add_all((row, head))
            except IntegrityError:
                raise _exists() from None
        return row

    async def all(self) -> list[OrganisationRow]:
        """Every organisation, oldest first."""
        async with self._sessions() as db:
            return list(await db.scalars(select(OrganisationRow).order_by(OrganisationRow.created_at)))

    async def get(self, organisation_id: str) -> OrganisationRow:
        """One organisation. Raises ORGANISATION_NOT_FOUND."""
        with everybody():
            async with self._sessions() as db:
                row = await db.get(OrganisationRow, organisation_id)
        if row is None:
            raise not_found()
        return row

    async def check(self, organisation_id: str) -> str:
        """The id, if there is such an organisation. They do not end, so each is asked for once.

        Raises ORGANISATION_NOT_FOUND.
        """
        if organisation_id not in self._known:
            self._known.add((await self.get(organisation_id)).id)
        return organisation_id


def not_found() -> ServiceError:
    """What is said of an organisation that is not there."""
    message = "There is no such organisation. Make it with `interview organisations make`."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "ORGANISATION_NOT_FOUND", message)


def _exists() -> ServiceError:
    message = "There is an organisation with this id already."
    return ServiceError(grpc.StatusCode.ALREADY_EXISTS, "ORGANISATION_EXISTS", message)
