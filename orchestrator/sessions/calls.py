"""Calls of services that sessions make or wait to make, counted by the database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from orchestrator.sessions.states import SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow, StageRow


async def calls_by_stage(store: SessionStore, after: Mapping[str, str]) -> dict[str, int]:
    """How many stages of each name in `after` run or may run, in the sessions that run.

    A pending stage may run once the stage that `after` names has ended well. Names without any are left out.
    """
    before = aliased(StageRow)
    of_the_answer = and_(before.session_id == StageRow.session_id, before.answer_index == StageRow.answer_index)
    wanted = and_(of_the_answer, before.name == case(dict(after), value=StageRow.name))
    may_run = and_(StageRow.state == StageState.PENDING, before.state == StageState.COMPLETED)
    query = (
        select(StageRow.name, func.count())
        .join(SessionRow, and_(SessionRow.id == StageRow.session_id, SessionRow.state == SessionState.RUNNING))
        .outerjoin(before, wanted)
        .where(StageRow.name.in_(after), or_(StageRow.state == StageState.RUNNING, may_run))
        .group_by(StageRow.name)
    )
    async with store.transaction() as db:
        return {name: int(count) for name, count in await db.execute(query)}
