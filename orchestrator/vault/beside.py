"""What the key that encrypts keys wraps beside data keys: organisations' keys and secrets. There are few of them."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from orchestrator.vault import organisation_keys, organisation_secrets
from orchestrator.vault.tables import OrganisationKeyRow, SecretRow
from orchestrator.vault.wrapping.wrapped import KeyWrapping, UnwrapError, Wrapped
from servicekit.telemetry.logs import get_logger

log = get_logger()
Row = OrganisationKeyRow | SecretRow


class Beside:
    """All of them, in one database."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], wrapping: KeyWrapping) -> None:
        """Wrap anew with `wrapping`."""
        self._sessions, self._wrapping = sessions, wrapping

    async def rewrap(self, current: str) -> tuple[int, int]:
        """Wrap anew what is not wrapped by `current`, or has a key of its own; how many were, and could not be."""
        async with self._sessions() as db:
            keys = list(await db.scalars(select(OrganisationKeyRow).where(OrganisationKeyRow.deleted_at.is_(None))))
            rows: list[Row] = [key for key in keys if key.name or key.wrapped_by != current]
            rows += await db.scalars(select(SecretRow).where(SecretRow.wrapped_by != current))
        done = 0
        for row in rows:
            try:
                await self._rewrapped(row)
                done += 1
            except UnwrapError as error:
                log.error("key unreadable", organisation=row.organisation, wrapped_by=row.wrapped_by, why=str(error))
        return done, len(rows) - done

    async def _rewrapped(self, row: Row) -> None:
        name, context = "", ""
        if isinstance(row, OrganisationKeyRow):
            name, context = row.name, organisation_keys.context_of(row.organisation, row.id)
        else:
            context = organisation_secrets.context_of(row.organisation, row.kind, row.id)
        before = Wrapped(row.wrapped_by, row.wrapped or b"")
        wrapped = await self._wrapping.wrap(await self._wrapping.unwrap(before, context), context, name)
        kind = type(row)
        # Only what is still as it was read: deleted stays deleted.
        changed = update(kind).where(kind.id == row.id, kind.wrapped == row.wrapped)
        async with self._sessions.begin() as db:
            await db.execute(changed.values(wrapped_by=wrapped.by, wrapped=wrapped.content))
