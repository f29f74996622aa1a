"""The workflows themselves, over activities that only say what they were asked; and histories of an older version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.worker import Replayer

from orchestrator.workflows import WORKFLOWS, SessionWorkflow, TranslationWorkflow
from orchestrator.workflows.inputs import (
    AnswerInput,
    SessionInput,
    StageFailure,
    TranslationsEnd,
    translation_workflow_id,
)
from tests.support.workflows import PATIENCE, QUEUE, RUNNER, SESSION_ID, ToldActivities, engine, working

pytestmark = pytest.mark.asyncio(loop_scope="module")
SESSION = SessionInput(SESSION_ID, 2, 3600.0)
HISTORIES = sorted((Path(__file__).parents[2] / "testdata" / "histories").glob("*.json"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def temporal() -> AsyncIterator[Client]:
    async with engine() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def told(temporal: Client) -> AsyncIterator[ToldActivities]:
    activities = ToldActivities()
    async with working(temporal, activities.all()):
        yield activities
        for name in ("retention", "translation"):
            handle = temporal.get_workflow_handle(f"{name}-{SESSION_ID}")
            if (await handle.describe()).close_time is None:
                await handle.terminate()


async def session(temporal: Client) -> WorkflowHandle[SessionWorkflow, None]:
    return await temporal.start_workflow(
        SessionWorkflow.run, SESSION, id=f"session-{SESSION_ID}", task_queue=QUEUE, run_timeout=PATIENCE
    )


async def asked(temporal: Client) -> WorkflowHandle[TranslationWorkflow, None]:
    """Somebody asks for a translation: starts what makes them, or tells it to look again."""
    return await temporal.start_workflow(
        TranslationWorkflow.run,
        SESSION_ID,
        id=translation_workflow_id(SESSION_ID),
        task_queue=QUEUE,
        start_signal="look",
        run_timeout=PATIENCE,
    )


async def translations(temporal: Client) -> None:
    await temporal.get_workflow_handle(translation_workflow_id(SESSION_ID)).result()


async def test_translations_follow_the_published_result(temporal: Client, told: ToldActivities) -> None:
    told.waiting = [0, 1]
    told.held = {"translate_answer"}
    await (await session(temporal)).result()
    await told.until("translate_answer")
    assert "translate" not in told.told
    for before in ("evaluate", "summarize", "clean_up", "publish"):
        assert max(i for i, name in enumerate(told.told) if name == before) < told.told.index("translate_answer")
    assert "notify" in told.told  # it waits for no translation, and neither does the end of the session
    await told.go_on("translate_answer")
    await translations(temporal)
    made = [request for name, request in told.requests if name == "translate_answer"]
    assert made == [AnswerInput(SESSION_ID, 0), AnswerInput(SESSION_ID, 1)]
    assert told.told[-2:] == ["complete_result", "next_translation"]
    assert told.told.count("publish") == 1


async def test_a_translation_that_fails_is_recorded_and_the_next_one_is_made(
    temporal: Client, told: ToldActivities
) -> None:
    told.waiting = [0, 1]
    told.failing = {"translate_answer"}
    await (await asked(temporal)).result()
    failures = [request for name, request in told.requests if name == "fail_stage"]
    message = "It does not work."
    assert failures == [StageFailure(AnswerInput(SESSION_ID, i), "translate", "UPSTREAM_DOWN", message) for i in (0, 1)]
    assert told.told.count("complete_result") == 3
    assert "end_translations" not in told.told


async def test_asking_again_while_it_runs_makes_one_after_the_other(temporal: Client, told: ToldActivities) -> None:
    told.waiting = [0]
    told.held = {"translate_answer"}
    first = await asked(temporal)
    await told.until("translate_answer")
    again = await asked(temporal)
    assert again.result_run_id == first.result_run_id
    told.waiting = [1]
    await told.go_on("translate_answer")
    await again.result()
    assert told.told.count("translate_answer") == 2
    assert told.told[-1] == "next_translation"
    assert told.waiting == []


async def test_cancelling_ends_the_running_try_and_says_so(temporal: Client, told: ToldActivities) -> None:
    told.waiting = [0, 1]
    told.held = {"translate_answer"}
    handle = await asked(temporal)
    await told.until("translate_answer")
    await handle.cancel()
    await handle.result()
    assert told.requests[-1] == ("end_translations", TranslationsEnd(SESSION_ID, cancelled=True))
    assert told.told.count("translate_answer") == 1


async def test_a_fault_of_ours_leaves_no_translation_waiting(temporal: Client, told: ToldActivities) -> None:
    told.failing = {"complete_result"}
    await (await asked(temporal)).result()
    assert told.requests[-1] == ("end_translations", TranslationsEnd(SESSION_ID, cancelled=False))


async def test_a_session_that_is_cancelled_translates_nothing(temporal: Client, told: ToldActivities) -> None:
    told.held = {"evaluate"}
    handle = await session(temporal)
    await told.until("evaluate")
    await handle.cancel()
    await handle.result()
    await translations(temporal)
    assert "cancel_session" in told.told
    assert not {"publish", "translate", "translate_answer"} & set(told.told)


async def test_somebody_asks_before_the_session_has_started_its_own(temporal: Client, told: ToldActivities) -> None:
    told.waiting = [0]
    told.held = {"publish", "translate_answer"}
    handle = await session(temporal)
    await told.until("publish")
    await asked(temporal)
    await told.until("translate_answer")
    await told.go_on("publish")
    await handle.result()
    await told.go_on("translate_answer")
    await translations(temporal)
    assert told.told.count("translate_answer") == 1


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: str(path.stem))
async def test_sessions_of_the_version_before_go_on(path: Path) -> None:
    """They translated each answer before publishing; open ones stand at the activity that their file is named after."""
    history = WorkflowHistory.from_json(path.stem, path.read_text())  # noqa: ASYNC240
    assert not any(event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED for event in history.events)
    await Replayer(workflows=WORKFLOWS, workflow_runner=RUNNER).replay_workflow(history)
