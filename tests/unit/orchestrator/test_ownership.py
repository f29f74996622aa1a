"""Whose rows are whose, in statements of every kind."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, select, union, update
from sqlalchemy.orm import aliased, joinedload

import orchestrator.api
import orchestrator.worker
from orchestrator import ownership
from orchestrator.audit.tables import AuditRow
from orchestrator.database import open_engine
from orchestrator.notes.tables import CommentRow
from orchestrator.organisations.store import OrganisationStore
from orchestrator.ownership import NobodyActing, NotTheirs, Owned, OwnedThrough, acting_for, apart, everybody
from orchestrator.sessions.states import STAGES
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.settings import DatabaseSettings
from orchestrator.tables import Base
from tests.unit.orchestrator.sessions.test_store import row

ACME, BRAVO = row(1).id, row(2).id
NOBODYS = {"organisations", "policies", "data_keys", "leases"}
"""Organisations themselves, what policies said (files of the installation), keys of folders, of which `VaultCalls` sees
to whose session one is, and which worker does something for all.
"""

FOLDER = Path(orchestrator.api.__file__).parent


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    engine = apart(open_engine(database))
    opened = SessionStore(engine)
    for name in ("acme", "bravo"):
        await OrganisationStore(engine).create(name, name)
    for number, name in ((1, "acme"), (2, "bravo")):
        with acting_for(name):
            await opened.create(row(number))
    yield opened
    await opened.close()


def test_every_table_has_an_owner() -> None:
    unowned = {m.class_.__tablename__ for m in Base.registry.mappers if not issubclass(m.class_, Owned | OwnedThrough)}
    assert unowned == NOBODYS
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, OwnedThrough):
            name, column = mapper.class_.owned_through
            assert {"id", "organisation"} <= set(Base.metadata.tables[name].c.keys())
            assert column in mapper.columns


def test_every_table_with_a_job_or_a_session_follows_the_jobs_team() -> None:
    apart = {"jobs": "id", "sessions": "job_id"}
    for mapper in Base.registry.mappers:
        kind = mapper.class_
        if issubclass(kind, Owned) and {"job_id", "session_id"} & set(mapper.columns.keys()):
            assert kind.job_column == "job_id" or kind.job_through is not None, kind
        if kind.__tablename__ in apart:
            assert kind.job_column == apart[kind.__tablename__]


BARE = {
    "ownership.py": "looks up whose a row is",
    "audit/chain/append.py": "likewise, and appends to the chain that it is told",
    "audit/chain/receipts.py": "deletes one session's rows from every table, for the worker",
    "audit/personal.py": "reads one session's rows from every table, once it is known to be the caller's",
    "sessions/tables.py": "conditions of indexes",
    "backlog.py": "encrypts what was written before, for the worker and the command, and shows nobody anything",
}
"""Where tables are used without their classes, and why that shows nobody anything."""


def test_no_statement_goes_past_the_mapped_tables() -> None:
    """Conditions are put into statements over mapped classes; one over a bare table would have none."""
    bare = re.compile(r"__table__|\btext\(f?\"|\btable\(\"|exec_driver_sql|metadata\.(tables|sorted_tables)")
    found = {
        str(path.relative_to(FOLDER))
        for path in FOLDER.rglob("*.py")
        if "migrations" not in path.parts and bare.search(path.read_text())
    }
    assert found == set(BARE)


def queries() -> tuple[Any, ...]:
    """Of every shape, each of which gives ids of sessions."""
    other = aliased(SessionRow)
    answers = select(func.count()).where(AnswerRow.session_id == SessionRow.id).scalar_subquery()
    return (
        select(SessionRow.id),
        select(other.id),
        select(AnswerRow.session_id),
        select(AuditRow.session_id),
        select(select(SessionRow.id).subquery().c.id),
        select(select(SessionRow.id).cte().c.id),
        union(select(SessionRow.id), select(other.id)),
        select(SessionRow.id).where(answers == 1),
        select(AnswerRow.session_id).join(SessionRow, SessionRow.id == AnswerRow.session_id),
        select(SessionRow.id).join(SessionRow.answers).distinct(),
        select(SessionRow.id).where(SessionRow.answers.any(AnswerRow.index == 0)),
        select(SessionRow.id).where(exists().where(AuditRow.session_id == SessionRow.id)),
        select(SessionRow.id).select_from(other).join(SessionRow, SessionRow.id == other.id),
    )


@pytest.mark.parametrize("viewer", ["", "somebody"])
def test_a_statement_carries_all_conditions_that_apply_to_it(viewer: str) -> None:
    """With those of every table it says the same."""
    whole = select(SessionRow), select(AnswerRow), select(SessionRow).options(joinedload(SessionRow.answers))
    changes = update(SessionRow).values(message=""), delete(AnswerRow).where(AnswerRow.session_id.in_(queries()[0]))
    for statement in (*queries(), *whole, *changes):
        every = statement.options(*ownership._criteria("acme", viewer).values())
        assert str(ownership._narrowed(statement, "acme", viewer)) == str(every)
    assert len(ownership._narrowed(queries()[0], "acme", viewer)._with_options) == 1


async def test_statements_of_every_kind_see_ones_own(store: SessionStore) -> None:
    for query in queries():
        with acting_for("acme"):
            async with store.transaction() as db:
                assert set((await db.execute(query)).scalars()) == {ACME}, str(query)
        with everybody():
            async with store.transaction() as db:
                assert set((await db.execute(query)).scalars()) == {ACME, BRAVO}, str(query)
        with acting_for("nobody"):
            async with store.transaction() as db:
                assert set((await db.execute(query)).scalars()) == set(), str(query)
    with acting_for("acme"):
        assert await store.get(BRAVO) is None
        found = await store.get(ACME)
        assert found is not None
        assert [len(answer.stages) for answer in found.answers] == [len(STAGES)]
        async with store.transaction() as db:
            assert await db.get(AnswerRow, (BRAVO, 0)) is None


async def test_nothing_of_anothers_is_changed_or_deleted(store: SessionStore) -> None:
    statements = (
        update(SessionRow).values(message="mine"),
        update(AnswerRow).values(question="mine"),
        delete(AuditRow),
        delete(AnswerRow).where(AnswerRow.session_id == BRAVO),
    )
    with acting_for("acme"):
        async with store.transaction() as db:
            for statement in statements:
                await db.execute(statement.execution_options(synchronize_session=False))
    with everybody():
        found = await store.get(BRAVO)
        assert found is not None
        assert (found.message != "mine", found.answers[0].question) == (True, "Why?")
        async with store.transaction() as db:
            assert set(await db.scalars(select(AuditRow.session_id))) == {BRAVO}


async def test_nothing_is_recorded_under_what_is_anothers(store: SessionStore) -> None:
    now = datetime.now(UTC)
    for session_id in (BRAVO, "f" * 32):
        with acting_for("acme"), pytest.raises(NotTheirs):
            async with store.transaction() as db:
                db.add(CommentRow(id="1", session_id=session_id, author="A", author_id="", text="x", created_at=now))
    foreign = row(3)
    foreign.organisation = "bravo"
    with acting_for("acme"), pytest.raises(NotTheirs):
        await store.create(foreign)


async def test_a_query_for_nobody_is_a_mistake(store: SessionStore) -> None:
    with pytest.raises(NobodyActing):
        await store.get(ACME)
