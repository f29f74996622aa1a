"""Sealing and opening the words about persons in rows, with the keys of their sessions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

import grpc
from sqlalchemy import JSON, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from orchestrator.texts.sealed import Sealed, folder_of, identity_of, is_sealed, opened_value, place, sealed_value
from servicekit.errors import ServiceError
from servicekit.storage.keys import key_missing
from servicekit.storage.segments import DamagedError, DataKey
from servicekit.telemetry.logs import get_logger

log = get_logger()


class Keys(Protocol):
    """Where data keys are."""

    @property
    def encrypting(self) -> bool:
        """Whether what is written is to be encrypted."""

    async def find(self, folder: str, fresh: bool = False) -> DataKey | None:
        """The key of a folder. Raises KEY_UNREADABLE, ORGANISATION_KEY_DELETED, UPSTREAM_DOWN."""

    async def find_all(self, folders: Collection[str]) -> Mapping[str, DataKey | ServiceError]:
        """Those there are, or why one cannot be used. Raises UPSTREAM_DOWN."""

    async def make(self, folder: str) -> DataKey | None:
        """The same, a new one where there is none; None where there is to be none."""


class Sealing:
    """Seals and opens what has one key."""

    def __init__(self, key: DataKey | None, writing: bool = True) -> None:
        """Without a key nothing is sealed; while not `writing`, what is sealed is opened and no more."""
        self._key, self._writing = key, writing

    def value(self, kind: type[Sealed], column: str, identity: Sequence[Any], value: object) -> Any:
        """What to store in a column of the row with this primary key."""
        if self._key is None or not self._writing or value in ("", None):
            return value
        return sealed_value(value, self._key, place(_name(kind), column, identity))

    async def add(self, db: AsyncSession, row: Sealed) -> None:
        """Insert a row, sealed: where the database is to give its key, what is sealed follows in the same
        transaction.
        """
        given = {column: getattr(row, column) for column in row.sealed}
        words = {column: value for column, value in given.items() if value is not None}
        if None in identity_of(row):
            for column, value in words.items():
                setattr(row, column, type(value)())
            db.add(row)
            await db.flush()
        for column, value in words.items():
            setattr(row, column, self.value(type(row), column, identity_of(row), value))
        db.add(row)

    def opened(self, row: Sealed, column: str) -> Any:
        """What a column of a row says. Raises KEY_MISSING, TEXT_CORRUPT."""
        value = getattr(row, column)
        if not is_sealed(value):
            return value
        at = place(_name(type(row)), column, identity_of(row))
        if self._key is None:
            raise key_missing(at)
        try:
            return opened_value(value, self._key, at)
        except DamagedError:
            log.error("text damaged", place=at)
            raise _corrupt() from None

    def open(self, row: Sealed) -> None:
        """Let a row that was read or written say what it says. Raises KEY_MISSING, TEXT_CORRUPT."""
        for column, value in {column: self.opened(row, column) for column in row.sealed}.items():
            set_committed_value(row, column, value)


class Texts:
    """Words about persons in one database."""

    def __init__(self, keys: Keys | None) -> None:
        """Without `keys` nothing is sealed, and nothing that is sealed is opened."""
        self._keys = keys

    async def sealing(self, session_id: str) -> Sealing:
        """For rows of a session. Raises KEY_UNREADABLE, ORGANISATION_KEY_DELETED, UPSTREAM_DOWN."""
        if self._keys is None:
            return Sealing(None)
        return Sealing(await self._keys.find(f"sessions/{session_id}"), self._keys.encrypting)

    async def sealing_anew(self, folder: str) -> Sealing:
        """With the key of a folder of its own, which is made unless it is there. Raises as `sealing`."""
        return Sealing(await self._keys.make(folder) if self._keys and self._keys.encrypting else None)

    async def open(self, rows: Iterable[Sealed]) -> int:
        """Let rows that were read say what they say; what cannot be read any more says why. Returns how many of them
        were sealed. Raises UPSTREAM_DOWN.
        """
        closed = [row for row in rows if any(is_sealed(getattr(row, column)) for column in row.sealed)]
        folders = {folder_of(row) for row in closed}
        keys = await self._keys.find_all(folders) if self._keys and folders else {}
        for row in closed:
            key = keys.get(folder_of(row))
            try:
                if isinstance(key, ServiceError):
                    raise key
                Sealing(key).open(row)
            except ServiceError as error:
                _say(row, error)
        return len(closed)


def _say(row: Sealed, error: ServiceError) -> None:
    """In the place of words that nobody can read any more."""
    for column in row.sealed:
        empty: object = [] if isinstance(inspect(type(row)).columns[column].type, JSON) else ""
        set_committed_value(row, column, f"[{error.message}]" if column == row.sealed[0] else empty)


def _name(kind: type[Sealed]) -> str:
    return str(kind.__tablename__)  # type: ignore[attr-defined]


def _corrupt() -> ServiceError:
    message = "This text cannot be read: it was changed in the database, or belongs elsewhere. See docs/encryption.md."
    return ServiceError(grpc.StatusCode.DATA_LOSS, "TEXT_CORRUPT", message)
