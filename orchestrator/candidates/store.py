"""A job's candidates in the database: a page of them and how their totals spread, by one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orchestrator.candidates.filters import CandidateFilter, standing
from orchestrator.candidates.order import Order
from orchestrator.database import open_sessions
from orchestrator.notes.tables import CommentRow
from orchestrator.sessions.tables import SessionRow

STEPS, STEP = 10, 10.0
"""How many steps the totals are counted in, and how wide each is, of 100."""

COLUMNS = (
    SessionRow.id,
    SessionRow.candidate_name,
    SessionRow.state,
    SessionRow.created_at,
    SessionRow.shortlisted_at,
)


@dataclass(frozen=True, slots=True)
class CandidatesFound:
    """A page of those that fit, and of all that fit: how many, their totals by step, how many have none."""

    rows: Sequence[Mapping[str, Any]]
    token: str
    """Of the next page; empty on the last."""
    fitting: int
    steps: Sequence[int]
    not_scored: int


class CandidateStore:
    """Candidates by job."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Share the engine with others. Every method raises UPSTREAM_DOWN while the database is away."""
        self._sessions = open_sessions(engine)

    async def page(self, size: int, token: str, wanted: CandidateFilter, by: Order) -> CandidatesFound:
        """Up to `size` candidates that are wanted, in an order, behind a token. Raises FIELD_INVALID."""
        query = _page(_listed(wanted, by), by, by.read(token)).limit(size + 1)
        async with self._sessions() as db:
            rows = [dict(row) for row in (await db.execute(query)).mappings()]
        if not rows:
            return CandidatesFound((), "", 0, (0,) * STEPS, 0)
        first, last = rows[0], rows[:size][-1]
        following = by.token(last["key"], last["id"]) if len(rows) > size else ""
        steps = [first[f"step_{n}"] for n in range(STEPS)]
        return CandidatesFound(rows[:size], following, first["fitting"], steps, first["not_scored"])


def _listed(wanted: CandidateFilter, by: Order) -> Select[Any]:
    """Everybody who is wanted, each beside the counts of all of them."""
    total = wanted.figures.total
    counts = [func.count().over().label("fitting"), _counted(total.is_(None), "not_scored")]
    counts += [_counted(_step(total) == n, f"step_{n}") for n in range(STEPS)]
    shown = [standing().label("decision"), by.key(wanted.figures).label("key"), _comments().label("comments")]
    columns: list[Any] = [*COLUMNS, *wanted.figures.columns(), *shown, *counts]
    return select(*columns).where(*wanted.conditions())


def _comments() -> ColumnElement[int]:
    """How many there are on a session."""
    found = select(func.count()).where(CommentRow.session_id == SessionRow.id)
    return found.correlate(SessionRow).scalar_subquery()


def _page(listed: Select[Any], by: Order, after: tuple[Any, str] | None) -> Select[Any]:
    found = listed.subquery()
    key, session_id = found.c.key, found.c.id
    query = select(found)
    if after is not None:
        at, last = after
        beyond = key < at if by.descending else key > at
        query = query.where(beyond | ((key == at) & (session_id < last if by.descending else session_id > last)))
    columns = (key.desc(), session_id.desc()) if by.descending else (key, session_id)
    return query.order_by(*columns)


def _step(total: ColumnElement[float | None]) -> ColumnElement[int]:
    """In which step a total lies, from 0; a total of 100 is in the last one."""
    limits = ((total < STEP * (n + 1), n) for n in range(STEPS - 1))
    return case((total.is_(None), -1), *limits, else_=STEPS - 1)


def _counted(condition: ColumnElement[bool], name: str) -> Label[int]:
    return func.sum(case((condition, 1), else_=0)).over().label(name)
