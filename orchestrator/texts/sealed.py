"""Words about a person in a row, encrypted: by which key, and bound to the place where they stand."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from sqlalchemy import inspect

from orchestrator.tables import Base
from servicekit.storage.segments import DamagedError, DataKey, seal, unseal

MARK = "\x1fsealed:"
"""How what is encrypted begins: with a space of a kind, and texts are kept without spaces around them."""


class Sealed:
    """A table with words about a person; they are encrypted where there is a key that goes with the person's data."""

    sealed: ClassVar[tuple[str, ...]]
    """Its columns; the first is a text, and the others are encrypted whenever that is."""

    sealed_for: ClassVar[str] = "session_id"
    """The column that names the session."""

    sealed_by: ClassVar[str] = "sessions"
    """The key's folder is the one of this name with the session's id."""

    sealed_where: ClassVar[tuple[str, str] | None] = None
    """A column and its value, where only some rows hold such words."""


def kinds() -> Iterator[type[Any]]:
    """Every such table."""
    return (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealed))


def folder_of(row: Sealed) -> str:
    """The folder whose key a row has."""
    return f"{row.sealed_by}/{getattr(row, row.sealed_for)}"


def identity_of(row: Sealed) -> Sequence[Any]:
    """The row's primary key; None for what the database is still to give."""
    return tuple(inspect(type(row)).primary_key_from_instance(row))


def place(table: str, column: str, identity: Sequence[Any]) -> str:
    """What an encrypted text is bound to, so that it stands for no other."""
    return f"texts/{table}/{column}/{'/'.join(map(str, identity))}"


def is_sealed(value: object) -> bool:
    """Whether this is encrypted."""
    return isinstance(value, str) and value.startswith(MARK)


def sealed_value(value: object, key: DataKey, at: str) -> str:
    """A text, or other JSON, encrypted for the place."""
    return MARK + base64.b64encode(seal(json.dumps(value).encode(), key, at)).decode()


def opened_value(value: str, key: DataKey, at: str) -> Any:
    """The reverse. Raises DamagedError: it was changed, or stood elsewhere, or the key is another one."""
    try:
        return json.loads(unseal(base64.b64decode(value.removeprefix(MARK), validate=True), key, at))
    except binascii.Error:
        raise DamagedError from None
