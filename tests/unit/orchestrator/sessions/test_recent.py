from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.database import open_engine
from orchestrator.sessions import recent
from orchestrator.sessions.recent import RecentSessions
from orchestrator.sessions.states import SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from tests.unit.orchestrator.sessions.test_store import row


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    yield opened
    await opened.close()


async def test_what_has_not_changed_is_not_made_again(store: SessionStore) -> None:
    await store.create(row(1))
    sessions, session_id = RecentSessions(store), row(1).id
    first, again = await sessions.get(session_id), await sessions.get(session_id)
    assert first is not None
    assert again is not None
    assert again[1] is first[1]
    await store.set_stage(session_id, 0, "prepare", state=StageState.COMPLETED)
    changed = await sessions.get(session_id)
    assert changed is not None
    assert changed[0] > first[0]
    ended = [s.name for s in changed[1].answers[0].stages if s.state == pb.STAGE_STATE_COMPLETED]
    assert ended == ["prepare"]


async def test_what_is_deleted_is_gone(store: SessionStore) -> None:
    await store.create(row(1))
    sessions = RecentSessions(store)
    assert await sessions.get(row(1).id) is not None
    await store.delete(row(1).id)
    assert await sessions.get(row(1).id) is None


async def test_no_more_is_kept_than_allowed(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST_KEPT", 2)
    sessions = RecentSessions(store)
    for number in (1, 2, 3):
        await store.create(row(number))
        await sessions.get(row(number).id)
    kept = await sessions.get(row(1).id)
    await store.set_session(row(1).id, SessionState.RUNNING)
    changed = await sessions.get(row(1).id)
    assert kept is not None
    assert changed is not None
    assert changed[1].state != kept[1].state
