"""Whose rows are whose: every query within a call sees those of the call's organisation only.

A table is `Owned` (it names its organisation) or `OwnedThrough` another one. The criteria are put into every statement
where the statement is run, so that no query can be written without them; what is inserted is the organisation's too.
Workers, which act for everybody, use an engine without this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, String, event, exists, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)

from orchestrator.tables import Base
from servicekit.organisation import DEFAULT

_EVERYBODY = ""
_ORGANISATIONS_KEPT = 256
_acting: ContextVar[str | None] = ContextVar("organisation", default=None)
_OPTION = "organisations_apart"


class NobodyActing(RuntimeError):
    """A query that is not made for any organisation, in a process that keeps them apart."""


class NotTheirs(RuntimeError):
    """Something would be recorded under what is another organisation's, or is not there."""


@contextmanager
def acting_for(organisation: str) -> Iterator[None]:
    """Whatever is asked of the database meanwhile is asked for this organisation."""
    before = _acting.set(organisation)
    try:
        yield
    finally:
        _acting.reset(before)


def act_for(organisation: str) -> None:
    """The same for the rest of this task: generators cannot undo it where they end."""
    _acting.set(organisation)


@contextmanager
def everybody() -> Iterator[None]:
    """Meanwhile what is done is nobody's own: starting what is owed, finding out whose a key is."""
    with acting_for(_EVERYBODY):
        yield


def acting() -> str:
    """The organisation that the call acts for; empty: for none."""
    return _acting.get() or ""


def apart(engine: AsyncEngine) -> AsyncEngine:
    """The engine for a process that serves organisations: a query for none of them raises `NobodyActing`."""
    return engine.execution_options(**{_OPTION: True})


def mine() -> str:
    """The organisation that what is made now belongs to."""
    return acting() or DEFAULT


class Owned:
    """A table whose rows name their organisation."""

    organisation: Mapped[str] = mapped_column(String(32), default=mine, server_default=DEFAULT)


class OwnedThrough:
    """A table whose rows belong to whoever owns the row of another one."""

    owned_through: ClassVar[tuple[str, str]]
    """The other table, which is `Owned` and has the key `id`, and the column that holds that key."""


@event.listens_for(Session, "do_orm_execute")
def _only_theirs(state: ORMExecuteState) -> None:
    organisation = _acting.get()
    if organisation is None and state.session.get_bind().get_execution_options().get(_OPTION):
        raise NobodyActing
    if organisation:
        state.statement = state.statement.options(*_criteria(organisation))


@event.listens_for(Session, "before_flush")
def _only_under_theirs(session: Session, _context: UOWTransaction, _objects: Sequence[object] | None) -> None:
    organisation = _acting.get()
    if not organisation:
        return
    owned = [row for row in session.new if isinstance(row, Owned)]
    if any(row.organisation not in (None, organisation) for row in owned):
        raise NotTheirs
    added = {(_name(row), getattr(row, "id", None)) for row in owned}
    children = [row for row in session.new if isinstance(row, OwnedThrough)]
    for name, key in {(row.owned_through[0], getattr(row, row.owned_through[1])) for row in children} - added:
        if key is not None and not _theirs(session, name, key, organisation):
            raise NotTheirs


def _name(row: object) -> str:
    return str(getattr(row, "__tablename__", ""))


def _theirs(session: Session, name: str, key: object, organisation: str) -> bool:
    table = Base.metadata.tables[name]
    query = select(table.c.id).where(table.c.id == key, table.c.organisation == organisation)
    return session.connection().scalar(query) is not None


def _criteria(organisation: str) -> tuple[LoaderCriteriaOption, ...]:
    return _known_criteria(organisation, len(list(Base.registry.mappers)))


@lru_cache(_ORGANISATIONS_KEPT)
def _known_criteria(organisation: str, _tables: int) -> tuple[LoaderCriteriaOption, ...]:
    return tuple(
        with_loader_criteria(kind, condition, include_aliases=True) for kind, condition in _conditions(organisation)
    )


def _conditions(organisation: str) -> Iterator[tuple[type[Any], ColumnElement[bool]]]:
    for mapper in Base.registry.mappers:
        kind = mapper.class_
        if issubclass(kind, Owned):
            yield kind, kind.organisation == organisation
        elif issubclass(kind, OwnedThrough):
            name, column = kind.owned_through
            # An alias, so that a query over both tables does not take this one for its own; EXISTS looks up one key.
            owner = Base.metadata.tables[name].alias(f"owning_{name}")
            yield kind, exists().where(owner.c.id == getattr(kind, column), owner.c.organisation == organisation)
