"""Translations that follow a published result: which are to come, asking for one, stopping them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import aliased

from orchestrator.audit.tables import SYSTEM, AuditAction, audit_row
from orchestrator.sessions.states import SessionState, StageState
from orchestrator.sessions.store import SessionStore, touch
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from servicekit.media import Media

STAGE = "translate"
OPEN = (StageState.PENDING, StageState.RUNNING)


def stage_of(answer: AnswerRow, name: str = STAGE) -> StageRow:
    """A stage of an answer."""
    return next(stage for stage in answer.stages if stage.name == name)


def waiting(session: SessionRow) -> list[int]:
    """Answers of a published session whose translation is to come, by index."""
    if session.state != SessionState.COMPLETED:
        return []
    return [a.index for a in session.answers if _is_waiting({s.name: s.state for s in a.stages})]


def _is_waiting(states: dict[str, str]) -> bool:
    # Without words there is nothing to wait for, whatever an older version left in the row.
    return states.get(STAGE) in OPEN and states.get("transcribe") == StageState.COMPLETED


async def ask(store: SessionStore, session_id: str, index: int) -> None:
    """Let the translation of an answer be made that was not made so far; others stay as they are."""
    asked = {"state": StageState.PENDING, "fraction": 0.0, "started_at": None, "ended_at": None}
    async with store.transaction() as db:
        await db.execute(
            update(StageRow)
            .where(StageRow.session_id == session_id, StageRow.answer_index == index, StageRow.name == STAGE)
            .where(StageRow.state.in_((StageState.SKIPPED, StageState.FAILED)))
            .values(**asked, error_reason="", error_message="")
        )
        await touch(db, session_id)


async def stop(store: SessionStore, session_id: str, state: StageState, reason: str, message: str) -> None:
    """End every translation of a session that is to come."""
    async with store.transaction() as db:
        await db.execute(
            update(StageRow)
            .where(StageRow.session_id == session_id, StageRow.name == STAGE, StageRow.state.in_(OPEN))
            .values(state=state, ended_at=datetime.now(UTC), error_reason=reason, error_message=message)
        )
        await touch(db, session_id)


async def completed(store: SessionStore, session_id: str, result: Media) -> bool:
    """The published result was completed. When the session ended and until when it is kept stay as they are.

    False when there is nothing to complete: the session was deleted meanwhile.
    """
    async with store.transaction() as db:
        changed = await db.execute(
            update(SessionRow)
            .where(SessionRow.id == session_id, SessionRow.state == SessionState.COMPLETED)
            .values(result=dataclasses.asdict(result))
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            return False
        details = f"with translations, result {result.sha256}"
        db.add(audit_row(session_id, SYSTEM, AuditAction.PUBLISHED, details=details))
        await touch(db, session_id)
    return True


async def sessions_waiting(store: SessionStore) -> int:
    """Published sessions with a translation that is to come; each has one at a time made."""
    async with store.transaction() as db:
        return await db.scalar(_to_come(select(func.count(StageRow.session_id.distinct())))) or 0


async def still(store: SessionStore, before: datetime, most: int) -> list[str]:
    """Such sessions, by id, that have not moved since then."""
    query = _to_come(select(StageRow.session_id)).distinct().where(SessionRow.updated_at < before).limit(most)
    async with store.transaction() as db:
        return list(await db.scalars(query))


def _to_come(query: Select[Any]) -> Select[Any]:
    spoken = aliased(StageRow)
    return (
        query.join(SessionRow, SessionRow.id == StageRow.session_id)
        .join(spoken, (spoken.session_id == StageRow.session_id) & (spoken.answer_index == StageRow.answer_index))
        .where(StageRow.name == STAGE, StageRow.state.in_(OPEN), SessionRow.state == SessionState.COMPLETED)
        .where(spoken.name == "transcribe", spoken.state == StageState.COMPLETED)
    )
