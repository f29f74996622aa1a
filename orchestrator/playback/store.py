"""Copies of recordings in the session database: which are to be made, until when each can be played, which are over."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Update, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from orchestrator.policies.policy import Policy
from orchestrator.reviews.tables import ReviewState
from orchestrator.sessions.states import ENDED_SESSION, PlaybackState, SessionState
from orchestrator.sessions.store import SessionStore, touch
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.workflows.inputs import AnswerInput
from servicekit.media import Media

PATIENCE = timedelta(days=1)
"""Recordings wait no longer for their copies to be made than this after the end of their session."""


async def next_pending(store: SessionStore, session_id: str) -> AnswerInput | None:
    """The first answer of a published session whose copy is to be made; None when there is none (any more)."""
    query = _pending(select(AnswerRow.index)).where(AnswerRow.session_id == session_id)
    async with store.transaction() as db:
        index = await db.scalar(query.order_by(AnswerRow.index).limit(1))
    return None if index is None else AnswerInput(session_id, index)


async def still(store: SessionStore, before: datetime, most: int) -> list[str]:
    """Sessions with copies to be made, by id, that have not moved since then."""
    query = _pending(select(AnswerRow.session_id)).distinct().where(SessionRow.updated_at < before).limit(most)
    async with store.transaction() as db:
        return list(await db.scalars(query))


async def keep(store: SessionStore, answer: AnswerInput, made: Media, policy: Policy) -> bool:
    """Record a copy that was made; False where nobody may play it any more, and it has to go."""
    now = datetime.now(UTC)
    async with store.transaction() as db:
        # First a change of the session's row, which others wait for: who decides now does so before or after.
        await touch(db, answer.session_id)
        session = await db.get(SessionRow, answer.session_id)
        if session is None:
            return False
        end = _end(session, policy, now)
        kept = session.state != SessionState.CANCELLED and (end is None or end > now)
        values: dict[str, Any] = {"playback_state": PlaybackState.DELETED, "playback_end_at": end or now}
        if kept:
            values = {"playback_state": PlaybackState.READY, "playback_end_at": end}
            values["playback"] = dataclasses.asdict(made)
        await db.execute(_of(answer).where(AnswerRow.playback_state == PlaybackState.PENDING).values(**values))
    return kept


def _end(session: SessionRow, policy: Policy, now: datetime) -> datetime | None:
    """Until when the session's recordings can be played; None: until somebody decides."""
    if policy.keep_recordings == "until_decided":
        return now if session.review_state == ReviewState.DECIDED else None
    days = policy.keep_recordings_days
    return now if days is None else (session.ended_at or now) + timedelta(days=days)


async def give_up(store: SessionStore, answer: AnswerInput) -> None:
    """There will be no copy of an answer's recording."""
    async with store.transaction() as db:
        pending = _of(answer).where(AnswerRow.playback_state == PlaybackState.PENDING)
        await db.execute(pending.values(playback_state=PlaybackState.FAILED))
        await touch(db, answer.session_id)


async def end(db: AsyncSession, session_id: str, now: datetime) -> None:
    """A person has decided: what can be played until then is over. For a transaction that records the decision."""
    ended = update(AnswerRow).where(AnswerRow.session_id == session_id, AnswerRow.playback_end_at.is_(None))
    await db.execute(ended.where(AnswerRow.playback_state == PlaybackState.READY).values(playback_end_at=now))


async def over(store: SessionStore, now: datetime, most: int, session_id: str = "") -> list[AnswerInput]:
    """Answers whose recording cannot be played any more and whose copy is still there, of a session or of all."""
    query = select(AnswerRow.session_id, AnswerRow.index).where(
        AnswerRow.playback_state == PlaybackState.READY, AnswerRow.playback_end_at <= now
    )
    if session_id:
        query = query.where(AnswerRow.session_id == session_id)
    async with store.transaction() as db:
        return [AnswerInput(found, index) for found, index in await db.execute(query.limit(most))]


async def deleted(store: SessionStore, answers: Iterable[AnswerInput]) -> None:
    """These copies are gone, or will never be made."""
    now, there = datetime.now(UTC), (PlaybackState.PENDING, PlaybackState.READY)
    async with store.transaction() as db:
        for answer in answers:
            row = await db.get(AnswerRow, (answer.session_id, answer.index))
            if row is not None and row.playback_state in there:
                row.playback_state, row.playback = PlaybackState.DELETED, None
                row.playback_end_at = row.playback_end_at or now
                await touch(db, answer.session_id)


def _pending(query: Select[Any]) -> Select[Any]:
    return query.join(SessionRow, SessionRow.id == AnswerRow.session_id).where(
        AnswerRow.playback_state == PlaybackState.PENDING,
        SessionRow.state.in_(ENDED_SESSION),
        SessionRow.result.is_not(None),
    )


def _of(answer: AnswerInput) -> Update:
    return update(AnswerRow).where(AnswerRow.session_id == answer.session_id, AnswerRow.index == answer.index)
