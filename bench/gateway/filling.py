"""Filling the session database with sessions that have ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from orchestrator.database import open_engine
from orchestrator.reviews.tables import ReviewState
from orchestrator.sessions.states import STAGES, AnswerState, SessionState, StageState
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from orchestrator.settings import DatabaseSettings

ANSWERS = 3
BATCH = 500


async def fill(database: DatabaseSettings, count: int) -> list[str]:
    """Add `count` sessions of three answers; returns their ids."""
    engine, ids = open_engine(database), [uuid.uuid4().hex for _ in range(count)]
    try:
        for start in range(0, count, BATCH):
            async with engine.begin() as connection:
                await _insert(connection, ids[start : start + BATCH], start)
    finally:
        await engine.dispose()
    return ids


async def _insert(connection: AsyncConnection, ids: list[str], start: int) -> None:
    now = datetime.now(UTC) - timedelta(days=20)
    times = {i: now + timedelta(minutes=start + n) for n, i in enumerate(ids)}
    await connection.execute(insert(SessionRow), [_session(i, at) for i, at in times.items()])
    await connection.execute(insert(AnswerRow), [_answer(i, n) for i in ids for n in range(ANSWERS)])
    await connection.execute(insert(StageRow), [row for i in ids for n in range(ANSWERS) for row in _stages(i, n)])


def _session(session_id: str, at: datetime) -> dict[str, object]:
    return {
        "id": session_id,
        "request_sha256": "0" * 64,
        "candidate_name": f"Candidate {session_id[:6]}",
        "language": "en",
        "state": SessionState.COMPLETED,
        "message": "Completed.",
        "revision": 40,
        "created_at": at,
        "updated_at": at,
        "ended_at": at,
        "retention_end_at": at + timedelta(days=30),
        "policy": "default",
        "review_state": ReviewState.OPEN,
    }


def _answer(session_id: str, index: int) -> dict[str, object]:
    return {
        "session_id": session_id,
        "index": index,
        "position_id": index + 1,
        "question": "Tell me about yourself.",
        "language": "en",
        "state": AnswerState.COMPLETED,
    }


def _stages(session_id: str, index: int) -> Iterator[dict[str, object]]:
    for position, name in enumerate(STAGES):
        yield {
            "session_id": session_id,
            "answer_index": index,
            "name": name,
            "position": position,
            "state": StageState.COMPLETED,
            "fraction": 1.0,
        }
