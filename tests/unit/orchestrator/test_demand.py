"""What autoscalers are told."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import REGISTRY

from orchestrator.database import open_engine
from orchestrator.demand.counting import demand
from orchestrator.demand.observing import observe
from orchestrator.sessions.states import SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from tests.support.waiting import until
from tests.unit.orchestrator.sessions.test_store import row

IDLE = {"transcriber": 0, "vision": 0, "audio": 0, "judge": 0}


async def test_work_that_runs_and_work_whose_turn_it_is(database: DatabaseSettings) -> None:
    store = SessionStore(open_engine(database))
    first, second, ended = row(1), row(2), row(3)
    for session in (first, second, ended):
        await store.create(session)
        await store.set_session(session.id, SessionState.RUNNING)
    assert await demand(store) == IDLE
    for session in (first, second, ended):
        await store.set_stage(session.id, 0, "prepare", state=StageState.COMPLETED)
    await store.set_stage(first.id, 0, "transcribe", state=StageState.COMPLETED)
    await store.set_stage(first.id, 0, "evaluate", state=StageState.RUNNING)
    await store.set_stage(first.id, 0, "watch", state=StageState.RUNNING)
    await store.set_stage(second.id, 0, "listen", state=StageState.FAILED)
    await store.set_session(ended.id, SessionState.CANCELLED)
    assert await demand(store) == {"transcriber": 1, "vision": 2, "audio": 1, "judge": 1}  # no translation yet
    published = row(4)
    await store.create(published)
    await store.set_session(published.id, SessionState.COMPLETED)
    assert (await demand(store))["judge"] == 1  # no words, no translation
    await store.set_stage(published.id, 0, "transcribe", state=StageState.COMPLETED)
    assert (await demand(store))["judge"] == 2
    observing = asyncio.create_task(observe(store))
    await until(lambda: REGISTRY.get_sample_value("interview_service_demand", {"service": "judge"}) == 2)
    observing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await observing
    await store.close()
