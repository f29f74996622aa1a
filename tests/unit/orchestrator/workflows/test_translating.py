"""Asking for translations, stopping and deleting them: API, worker, database and workflow engine, and a slow judge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from temporalio.client import Client

import orchestrator.api
from orchestrator import artefacts
from orchestrator.api import Orchestrator
from orchestrator.database import open_engine
from orchestrator.policies import policy
from orchestrator.sessions.states import StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import ApiSettings, DatabaseSettings, WorkerSettings
from orchestrator.worker import build_workers, working
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.waiting import PAUSE_S, until
from tests.support.workflows import engine
from tests.unit.orchestrator.workflows.test_publishing import SESSION, row
from tests.unit.orchestrator.workflows.test_translation import ANSWER, System

CONTEXT: Any = None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def temporal() -> AsyncIterator[Client]:
    async with engine() as client:
        yield client


class Running:
    """An API and a worker over one published session whose translation was not asked for."""

    def __init__(self, system: System, api: Orchestrator) -> None:
        self.system, self.api = system, api
        self.let_go = asyncio.Event()
        system.judge.during = self.let_go.wait

    async def ask(self) -> pb.Session:
        request = pb.TranslateAnswerRequest(session_id=ANSWER.session_id, answer_index=0)
        return (await self.api.translations.TranslateAnswer(request, CONTEXT)).session

    async def until(self, holds: Callable[[], bool]) -> None:
        await until(holds)

    async def until_state(self, state: str) -> None:
        while (await self.system.state())[0] != state:  # noqa: ASYNC110
            await asyncio.sleep(PAUSE_S)


@pytest_asyncio.fixture(loop_scope="module")
async def running(
    temporal: Client, database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    monkeypatch.setattr(orchestrator.api, "apart", lambda engine: engine)  # features are called here as by no caller
    url = database.database_url.get_secret_value()
    files = str(tmp_path / "objects")
    common = {
        "INTERVIEW_DATABASE_URL": url,
        "INTERVIEW_OBJECT_STORE": files,
        "INTERVIEW_TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
        "INTERVIEW_TASK_QUEUE": tmp_path.name,
    }
    store, media = SessionStore(open_engine(database)), MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=files))
    system = System(store, media, policy.load())
    await store.create(row())
    await store.set_stage(SESSION.session_id, 0, "translate", state=StageState.SKIPPED)
    await system.publish()
    api = Orchestrator(ApiSettings.model_validate(common))
    await api.load()
    services: Any = SimpleNamespace(judge=system.judge, transcriber=None, vision=None, audio=None)
    async with working(build_workers(WorkerSettings.model_validate(common), temporal, store, media, services)):
        yield Running(system, api)
        if await store.get(ANSWER.session_id):
            await api.sessions.DeleteSession(pb.DeleteSessionRequest(session_id=ANSWER.session_id), CONTEXT)
    await api.close()
    await store.close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_it_is_made_once_however_often_it_is_asked_for(running: Running) -> None:
    watched = running.api.sessions.WatchSession(pb.WatchSessionRequest(session_id=ANSWER.session_id), CONTEXT)
    assert (await running.ask()).translating == 1
    assert (await running.ask()).translating == 1
    await running.until(lambda: running.system.judge.asked == 1)
    running.let_go.set()
    told = [message.session.translating async for message in watched]  # it ends by itself
    assert (told[0], told[-1]) == (1, 0)
    assert await running.system.state() == ("completed", "COMPLETED")
    assert (await running.ask()).translating == 0
    assert running.system.judge.asked == 1


async def test_cancelling_stops_it_and_it_can_be_asked_for_again(running: Running) -> None:
    await running.ask()
    await running.until(lambda: running.system.judge.asked == 1)
    cancelled = await running.api.sessions.CancelSession(pb.CancelSessionRequest(session_id=ANSWER.session_id), CONTEXT)
    assert (cancelled.session.state, cancelled.session.translating) == (pb.SESSION_STATE_COMPLETED, 0)
    await running.until_state("skipped")
    assert await running.system.state() == ("skipped", "SKIPPED")
    running.let_go.set()
    await running.ask()
    await running.until_state("completed")


async def test_deleting_stops_it_and_leaves_nothing(running: Running) -> None:
    await running.ask()
    await running.until(lambda: running.system.judge.asked == 1)
    await running.api.sessions.DeleteSession(pb.DeleteSessionRequest(session_id=ANSWER.session_id), CONTEXT)
    running.let_go.set()
    media = running.system.media
    assert await running.system.store.get(ANSWER.session_id) is None
    assert (await media.list("sessions"), await media.list("results")) == ([], [])
    assert not await media.exists(media.uri(artefacts.answer_key(ANSWER, artefacts.TRANSLATION)))
