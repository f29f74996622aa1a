"""Starts that are owed: a session's workflow is started by whoever is there, whatever died when it was submitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, func, select, update

from orchestrator.sessions.states import SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.settled import PreferencesRow


@dataclass(frozen=True, slots=True)
class SessionStart:
    """What starts a session's workflow, whose turn it takes, what its organisation has settled (None: nothing)."""

    session_id: str
    answer_count: int
    owner: str
    retention_days: float | None = None


async def owed(store: SessionStore, before: datetime, most: int) -> list[SessionStart]:
    """Sessions recorded before then whose workflow is still to be started, oldest first."""
    query = _starts().where(SessionRow.started_at.is_(None), SessionRow.state == SessionState.PENDING)
    return await _found(store, query.where(SessionRow.updated_at < before).limit(most))


async def still(store: SessionStore, before: datetime, most: int) -> list[SessionStart]:
    """Sessions that were started, have not ended and have not moved since then, oldest first."""
    query = _starts().where(SessionRow.state.in_((SessionState.PENDING, SessionState.RUNNING)))
    return await _found(
        store, query.where(SessionRow.started_at.is_not(None), SessionRow.updated_at < before).limit(most)
    )


async def set_started(store: SessionStore, session_id: str) -> None:
    """The session's workflow was started; nobody owes that any more."""
    async with store.transaction() as db:
        await db.execute(
            update(SessionRow)
            .where(SessionRow.id == session_id, SessionRow.started_at.is_(None))
            .values(started_at=datetime.now(UTC))
        )


async def owed_count(store: SessionStore, before: datetime) -> int:
    """How many sessions recorded before then wait for their start; at most 1000."""
    return len(await owed(store, before, 1000))


def _starts() -> Select[str, int, str, float | None]:
    count = select(func.count()).where(AnswerRow.session_id == SessionRow.id).scalar_subquery()
    query = select(SessionRow.id, count, SessionRow.owner, PreferencesRow.retention_days)
    theirs = PreferencesRow.organisation == SessionRow.organisation
    return query.outerjoin(PreferencesRow, theirs).order_by(SessionRow.created_at, SessionRow.id)


async def _found(store: SessionStore, query: Select[str, int, str, float | None]) -> list[SessionStart]:
    async with store.transaction() as db:
        return [SessionStart(*row) for row in await db.execute(query)]
