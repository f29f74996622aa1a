"""Whose rows are whose: every query within a call sees those of the call's organisation only, and of those what
belongs to jobs with a team only where the call's viewer is in it.

A table is `Owned` (it names its organisation) or `OwnedThrough` another one. The criteria are put into every statement
where the statement is run, so that no query can be written without them; what is inserted is the organisation's too.
Workers, which act for everybody, use an engine without this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, String, TableClause, event, exists, literal, select, true
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    Mapped,
    Mapper,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql import visitors

from orchestrator.tables import Base
from servicekit.organisation import DEFAULT

_EVERYBODY = ""
_CRITERIA_KEPT = 1024
_ANYBODY = ""
_acting: ContextVar[str | None] = ContextVar("organisation", default=None)
_viewing: ContextVar[str] = ContextVar("viewer", default=_ANYBODY)
_OPTION = "organisations_apart"
JOBS, TEAMS = "jobs", "job_teams"
"""Tables of the features that have these."""


class NobodyActing(RuntimeError):
    """A query that is not made for any organisation, in a process that keeps them apart."""


class NotTheirs(RuntimeError):
    """Something would be recorded under what is another organisation's, or is not there."""


@contextmanager
def acting_for(organisation: str, viewer: str = _ANYBODY) -> Iterator[None]:
    """Whatever is asked of the database meanwhile is asked for this organisation, and for this viewer of it (empty:
    one who sees every job, such as an admin).
    """
    before, viewed = _acting.set(organisation), _viewing.set(viewer)
    try:
        yield
    finally:
        _acting.reset(before)
        _viewing.reset(viewed)


def act_for(organisation: str, viewer: str = _ANYBODY) -> None:
    """The same for the rest of this task: generators cannot undo it where they end."""
    _acting.set(organisation)
    _viewing.set(viewer)


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

    job_column: ClassVar[str] = ""
    """The column that names the row's job; empty: it has none, or `job_through` says it."""

    job_through: ClassVar[tuple[str, str, str] | None] = None
    """The table that names the row's job in `job_id`, its key, and the column here that holds that key."""


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
        state.statement = _narrowed(state.statement, organisation, _viewing.get())


@event.listens_for(Session, "before_flush")
def _only_under_theirs(session: Session, _context: UOWTransaction, _objects: Sequence[object] | None) -> None:
    organisation = _acting.get()
    if not organisation:
        return
    owned = [row for row in session.new if isinstance(row, Owned)]
    if any(row.organisation not in (None, organisation) for row in owned):
        raise NotTheirs
    viewer = _viewing.get()
    if viewer and not all(_sees(session, row, viewer) for row in owned):
        raise NotTheirs
    added = {(_name(row), getattr(row, "id", None)) for row in owned}
    children = [row for row in session.new if isinstance(row, OwnedThrough)]
    for name, key in {(row.owned_through[0], getattr(row, row.owned_through[1])) for row in children} - added:
        if key is not None and not _theirs(session, name, key, organisation, viewer):
            raise NotTheirs


def _name(row: object) -> str:
    return str(getattr(row, "__tablename__", ""))


def _sees(session: Session, row: Owned, viewer: str) -> bool:
    """Whether a viewer may record something under the job that a new row names."""
    job_id = getattr(row, row.job_column, None) if row.job_column and not _is_job(type(row)) else None
    return not job_id or session.connection().scalar(select(_open_to(literal(job_id), viewer))) is True


def _theirs(session: Session, name: str, key: object, organisation: str, viewer: str) -> bool:
    table = Base.metadata.tables[name]
    query = select(table.c.id).where(table.c.id == key, table.c.organisation == organisation)
    if viewer:
        query = query.where(_seen(_owners()[name], table.c, viewer))
    return session.connection().scalar(query) is not None


def _narrowed(statement: Any, organisation: str, viewer: str) -> Any:
    """The statement with what applies to it, always in one order: it is part of the key of the compiled statement."""
    tables = _tables(statement)
    return statement.options(*(each for name, each in _criteria(organisation, viewer).items() if name in tables))


def _tables(statement: Any) -> set[str]:
    """The tables that a statement's conditions may apply to: those it names at any depth and those that come with them
    in a join; all where it has options of its own, which may add some, and where it names none.
    """
    if any(not isinstance(option, LoaderCriteriaOption) for option in statement._with_options):
        return {_table(mapper) for mapper in Base.registry.mappers}
    found, seen, to_see = set[str](), set[int](), [statement]
    while to_see:
        for element in visitors.iterate(to_see.pop()):
            if isinstance(element, TableClause):
                found.add(element.name)
            elif (source := getattr(element, "table", None)) is not None and id(source) not in seen:
                seen.add(id(source))  # a column names the table, alias or query that it is of, and is alone
                to_see.append(source)
    joined = _joined(len(Base.metadata.tables))
    return {name for each in found for name in (each, *joined.get(each, ()))} or set(joined)


@lru_cache
def _joined(_tables: int) -> Mapping[str, tuple[str, ...]]:
    """For each table those whose rows are read with its own."""
    return {
        _table(mapper): tuple(_table(each.mapper) for each in mapper.relationships if each.lazy == "joined")
        for mapper in Base.registry.mappers
    }


def _table(mapper: Mapper[Any]) -> str:
    return str(mapper.class_.__tablename__)


def _criteria(organisation: str, viewer: str) -> Mapping[str, LoaderCriteriaOption]:
    return _known_criteria(organisation, viewer, len(Base.metadata.tables))


@lru_cache(_CRITERIA_KEPT)
def _known_criteria(organisation: str, viewer: str, _tables: int) -> Mapping[str, LoaderCriteriaOption]:
    return {
        kind.__tablename__: with_loader_criteria(kind, condition, include_aliases=True)
        for kind, condition in _conditions(organisation, viewer)
    }


def _conditions(organisation: str, viewer: str) -> Iterator[tuple[type[Any], ColumnElement[bool]]]:
    for mapper in Base.registry.mappers:
        kind = mapper.class_
        if issubclass(kind, Owned):
            yield kind, (kind.organisation == organisation) & _seen(kind, kind, viewer)
        elif issubclass(kind, OwnedThrough):
            name, column = kind.owned_through
            # An alias, so that a query over both tables does not take this one for its own; EXISTS looks up one key.
            owner = Base.metadata.tables[name].alias(f"owning_{name}")
            theirs = (owner.c.organisation == organisation) & _seen(_owners()[name], owner.c, viewer)
            yield kind, exists().where(owner.c.id == getattr(kind, column), theirs)


def _owners() -> dict[str, Any]:
    return {str(m.local_table): m.class_ for m in Base.registry.mappers if issubclass(m.class_, Owned)}


def _is_job(kind: type[object]) -> bool:
    return getattr(kind, "__tablename__", "") == JOBS


def _seen(kind: type[Owned], columns: Any, viewer: str) -> ColumnElement[bool]:
    """Whether a viewer sees rows of a kind, by its `columns`: those of no job, and of jobs that are open to them."""
    if not viewer:
        return true()
    if kind.job_through is not None:
        name, key, column = kind.job_through
        naming = Base.metadata.tables[name].alias(f"naming_{name}")
        job = select(naming.c.job_id).where(naming.c[key] == _of(columns, column)).scalar_subquery()
        return _open_to(job, viewer)
    return _open_to(_of(columns, kind.job_column), viewer) if kind.job_column else true()


def _of(columns: Any, name: str) -> Any:
    return getattr(columns, name)


def _open_to(job: Any, viewer: str) -> ColumnElement[bool]:
    """Whether a job has no team, or one that the viewer is in."""
    anyone, own = (Base.metadata.tables[TEAMS].alias(f"{name}_of_team") for name in ("anyone", "own"))
    in_it = exists().where(own.c.job_id == job, own.c.principal_id == viewer)
    return ~exists().where(anyone.c.job_id == job) | in_it
