"""Data keys in the session database: the `DataKeys` of the object store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import grpc
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.audit.tables import REASONS
from orchestrator.database import open_sessions
from orchestrator.ownership import everybody, mine
from orchestrator.sessions.tables import SessionRow
from orchestrator.settings import VaultSettings
from orchestrator.vault.organisation_keys import KIND as ORGANISATION
from orchestrator.vault.organisation_keys import OrganisationKeys
from orchestrator.vault.organisation_secrets import OrganisationSecrets
from orchestrator.vault.tables import DataKeyRow, destroy
from orchestrator.vault.wrapping.chosen import ChosenWrapping
from orchestrator.vault.wrapping.wrapped import KeyWrapping, UnwrapError, Wrapped
from servicekit.errors import ServiceError, media_not_found
from servicekit.storage.keys import key_unreadable
from servicekit.storage.segments import DataKey
from servicekit.telemetry.logs import get_logger

log = get_logger()
SESSIONS = "sessions/"
FRESH = timedelta(hours=1)


class VaultStore:
    """Keys by folder. What is deleted here is found by nobody from then on: keys are looked up each time."""

    def __init__(self, engine: AsyncEngine, wrapping: KeyWrapping, encrypting: bool) -> None:
        """Make new keys only while `encrypting`; give out those there are in any case."""
        self.engine, self._sessions = engine, open_sessions(engine)
        self._wrapping, self.encrypting = wrapping, encrypting
        self.organisation_keys = OrganisationKeys(engine, wrapping)
        self.secrets = OrganisationSecrets(engine, wrapping)

    async def close(self) -> None:
        """Let go of what wraps keys."""
        await self._wrapping.close()

    async def find(self, folder: str, fresh: bool = False) -> DataKey | None:
        """The key of a folder. Raises KEY_UNREADABLE, UPSTREAM_DOWN."""
        async with self._sessions() as db:
            row = await db.get(DataKeyRow, folder)
        return None if row is None else await self._unwrapped(row)

    async def find_all(self, folders: Collection[str]) -> Mapping[str, DataKey | ServiceError]:
        """The keys there are of these folders, or why one cannot be used. Raises UPSTREAM_DOWN."""
        found: dict[str, DataKey | ServiceError] = {}
        async with self._sessions() as db:
            rows = list(await db.scalars(select(DataKeyRow).where(DataKeyRow.folder.in_(folders))))
        for row in rows:
            try:
                found[row.folder] = await self._unwrapped(row)
            except ServiceError as error:
                if error.code == grpc.StatusCode.UNAVAILABLE:
                    raise
                found[row.folder] = error
        return found

    async def to_write(self, folder: str) -> DataKey | None:
        """The same. Raises MEDIA_NOT_FOUND where the session is gone: nothing is left behind in clear."""
        key = await self.find(folder)
        if key is None and self.encrypting and folder.startswith(SESSIONS) and not await self.in_use(folder):
            raise media_not_found(folder)
        return key

    async def make(self, folder: str) -> DataKey | None:
        """The key of a folder, a new one where it has none. A session that began without stays without."""
        async with self._sessions.begin() as db:
            row = await db.get(DataKeyRow, folder)
            if row is not None and row.created_at < datetime.now(UTC) - FRESH:
                await db.execute(
                    update(DataKeyRow).where(DataKeyRow.folder == folder).values(created_at=datetime.now(UTC))
                )
        if row is not None:
            return await self._unwrapped(row)
        if not self.encrypting or await self.in_use(folder):
            return None
        return await self._made(folder)

    async def destroy(self, folder: str) -> None:
        """Delete the key of a folder."""
        async with self._sessions.begin() as db:
            await destroy(db, folder)

    async def in_use(self, folder: str) -> bool:
        """Whether a folder is that of a session that was recorded."""
        if not folder.startswith(SESSIONS):
            return False
        async with self._sessions() as db:
            wanted = select(SessionRow.id).where(SessionRow.id == folder.removeprefix(SESSIONS))
            return await db.scalar(wanted) is not None

    async def is_anothers(self, folder: str) -> bool:
        """Whether a folder is that of a session which is there, but not the acting organisation's."""
        with everybody():
            there = await self.in_use(folder)
        return there and not await self.in_use(folder)

    async def without_session(self, before: datetime, most: int) -> Sequence[str]:
        """Up to `most` folders with a key made `before` then, for which no session is recorded; oldest first. Those of
        reasons of decisions, which outlive it, go with these.
        """
        own_id = func.substr(DataKeyRow.folder, len(SESSIONS) + 1)
        session = select(SessionRow.id).where(SessionRow.id == own_id, DataKeyRow.folder.startswith(SESSIONS)).exists()
        query = select(DataKeyRow.folder).where(DataKeyRow.created_at < before, ~session)
        query = query.where(~DataKeyRow.folder.startswith(f"{REASONS}/"))
        async with self._sessions() as db:
            return list(await db.scalars(query.order_by(DataKeyRow.created_at).limit(most)))

    async def _made(self, folder: str) -> DataKey | None:
        key = DataKey.new()
        wrapped = await self._wrapped(folder, key)
        row = DataKeyRow(
            folder=folder,
            key_id=key.id.hex(),
            wrapped_by=wrapped.by,
            wrapped=wrapped.content,
            created_at=datetime.now(UTC),
        )
        try:
            async with self._sessions.begin() as db:
                db.add(row)
        except IntegrityError:  # another was quicker: its key counts
            return await self.find(folder)
        return key

    async def _wrapped(self, folder: str, key: DataKey) -> Wrapped:
        """By the key of the organisation that the call acts for, if it has one. Raises KEY_UNREADABLE."""
        context, theirs = context_of(folder, key.id.hex()), await self.organisation_keys.current(mine())
        if theirs is None:
            return await self._wrapping.wrap(key.secret, context)
        try:
            return await self.organisation_keys.wrap(theirs, key.secret, context)
        except UnwrapError as error:
            log.error("organisation's key unreadable", wrapped_by=theirs.wrapped_by, why=str(error))
            raise key_unreadable(folder) from None

    async def _unwrapped(self, row: DataKeyRow) -> DataKey:
        wrapped, context = Wrapped(row.wrapped_by, row.wrapped), context_of(row.folder, row.key_id)
        by = self.organisation_keys if wrapped.by.startswith(f"{ORGANISATION}:") else self._wrapping
        try:
            secret = await by.unwrap(wrapped, context)
            return DataKey(bytes.fromhex(row.key_id), secret)
        except (UnwrapError, ValueError) as error:
            log.error("data key unreadable", folder=row.folder, wrapped_by=row.wrapped_by, why=str(error))
            raise key_unreadable(row.folder) from None


def context_of(folder: str, key_id: str) -> str:
    """What a wrapped key is bound to, so that it stands for no other."""
    return f"{folder} {key_id}"


def open_vault(engine: AsyncEngine, settings: VaultSettings) -> VaultStore:
    """The keys in this database, wrapped as the settings say."""
    return VaultStore(engine, ChosenWrapping(settings), settings.encryption)
