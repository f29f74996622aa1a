"""Links in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import grpc
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from orchestrator.database import open_sessions
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError

LISTED_FOR = timedelta(days=30)
"""How long a link is listed after its time is over; its row is deleted then."""


class LinkStore:
    """Links by id and by the hash of their token."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others."""
        self._sessions = open_sessions(engine)

    async def create(self, row: LinkRow) -> None:
        """Insert a link, and delete those that ended long ago. Raises LINK_EXISTS."""
        try:
            async with self._sessions.begin() as db:
                await forget_ended(db)
                db.add(row)
        except IntegrityError:
            raise link_exists() from None

    async def page(self, size: int, before: tuple[datetime, str] | None, owner: str) -> Sequence[LinkRow]:
        """Up to `size` links of an owner (empty: of all), newest first, older than `before` (time made and id)."""
        query = select(LinkRow).order_by(LinkRow.created_at.desc(), LinkRow.id.desc()).limit(size)
        if owner:
            query = query.where(LinkRow.owner == owner)
        if before is not None:
            moment, link_id = before
            earlier = (LinkRow.created_at == moment) & (LinkRow.id < link_id)
            query = query.where((LinkRow.created_at < moment) | earlier)
        async with self._sessions() as db:
            return (await db.scalars(query)).all()

    async def by_token(self, sha256: str) -> LinkRow:
        """The link with a token. Raises LINK_NOT_FOUND."""
        async with self._sessions() as db:
            row = await db.scalar(select(LinkRow).where(LinkRow.token_sha256 == sha256))
        if row is None:
            raise not_found()
        return row

    async def revoke(self, link_id: str, owner: str) -> LinkRow:
        """End a link of an owner (empty: of anybody). Raises LINK_NOT_FOUND."""
        async with self._sessions.begin() as db:
            row = await db.get(LinkRow, link_id)
            if row is None or (owner and row.owner != owner):
                raise not_found()
            row.revoked_at = row.revoked_at or datetime.now(UTC)
        return row

    async def used(self, ids: Sequence[str]) -> set[str]:
        """Which of these links have become sessions."""
        async with self._sessions() as db:
            return set(await db.scalars(select(SessionRow.id).where(SessionRow.id.in_(ids))))


async def forget_ended(db: AsyncSession) -> None:
    """Delete the links that ended long ago, and with them the invitations that they belong to."""
    await db.execute(delete(LinkRow).where(LinkRow.expires_at < datetime.now(UTC) - LISTED_FOR))


def not_found() -> ServiceError:
    """What is said of a link that is not there, or somebody else's."""
    return ServiceError(grpc.StatusCode.NOT_FOUND, "LINK_NOT_FOUND", "There is no such link.")


def link_exists() -> ServiceError:
    """What is said where an id or token is another link's."""
    return ServiceError(grpc.StatusCode.ALREADY_EXISTS, "LINK_EXISTS", "There is such a link already.")
