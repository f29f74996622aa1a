"""Copies of recordings are made after the result, and hold nothing up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.service import RPCError

from orchestrator.workflows import SessionWorkflow
from orchestrator.workflows.inputs import AnswerInput, Begun, SessionInput, playback_workflow_id
from tests.support.workflows import PATIENCE, QUEUE, SESSION_ID, ToldActivities, engine, working

pytestmark = pytest.mark.asyncio(loop_scope="module")
SESSION = SessionInput(SESSION_ID, 2, 3600.0)
PLAYBACK = playback_workflow_id(SESSION_ID)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def temporal() -> AsyncIterator[Client]:
    async with engine() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def told(temporal: Client) -> AsyncIterator[ToldActivities]:
    activities = ToldActivities()
    activities.results = {"begin_session": Begun(True, keeps_recordings=True)}
    async with working(temporal, activities.all()):
        yield activities
        for name in ("retention", "translation", "notify", "session", "playback"):
            with suppress(RPCError):  # it has ended, or never began
                await temporal.get_workflow_handle(f"{name}-{SESSION_ID}").terminate()


async def finished(temporal: Client) -> None:
    run = SessionWorkflow.run
    await temporal.execute_workflow(run, SESSION, id=f"session-{SESSION_ID}", task_queue=QUEUE, run_timeout=PATIENCE)


async def test_they_follow_the_result_one_after_the_other(temporal: Client, told: ToldActivities) -> None:
    told.unplayed, told.held = [0, 1], {"make_playback"}
    await finished(temporal)  # it waits for none
    await told.until("make_playback")
    assert told.told.index("publish") < told.told.index("make_playback")
    await told.go_on("make_playback")
    await temporal.get_workflow_handle(PLAYBACK).result()
    work = [(name, request) for name, request in told.requests if name in ("make_playback", "give_up_playback")]
    assert work == [("make_playback", AnswerInput(SESSION_ID, 0)), ("make_playback", AnswerInput(SESSION_ID, 1))]
    assert told.told.count("clean_up") == 4  # of each answer, and once more when its copy was made


async def test_what_cannot_be_made_is_given_up(temporal: Client, told: ToldActivities) -> None:
    told.unplayed, told.failing = [0], {"make_playback", "clean_up"}
    await finished(temporal)
    await temporal.get_workflow_handle(PLAYBACK).result()
    assert ("give_up_playback", AnswerInput(SESSION_ID, 0)) in told.requests


@pytest.mark.parametrize("begun", [Begun(True), None], ids=["kept no longer", "an older version"])
async def test_sessions_that_keep_none_start_nothing(
    temporal: Client, told: ToldActivities, begun: Begun | None
) -> None:
    told.results = {"begin_session": begun}
    await finished(temporal)
    assert "next_playback" not in told.told


async def test_a_session_that_is_cancelled_makes_none(temporal: Client, told: ToldActivities) -> None:
    told.held, told.unplayed = {"evaluate"}, [0]
    handle = await temporal.start_workflow(
        SessionWorkflow.run, SESSION, id=f"session-{SESSION_ID}", task_queue=QUEUE, run_timeout=PATIENCE
    )
    await told.until("evaluate")
    await handle.cancel()
    await handle.result()
    assert "cancel_session" in told.told
    assert "next_playback" not in told.told
