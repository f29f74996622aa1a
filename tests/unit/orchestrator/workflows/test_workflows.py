"""The workflows themselves, over activities that only say what they were asked; and histories of an older version."""

from __future__ import annotations

import asyncio
import types
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Replayer

from orchestrator.workflows import (
    WORKFLOWS,
    ErasureWorkflow,
    NotificationWorkflow,
    SessionWorkflow,
    TranslationWorkflow,
    translation,
)
from orchestrator.workflows import session as sessions
from orchestrator.workflows.inputs import (
    AnswerInput,
    Begun,
    ErasureInput,
    SessionInput,
    StageFailure,
    TranslationsEnd,
    translation_workflow_id,
)
from tests.support.workflows import FILE, PATIENCE, QUEUE, RUNNER, SESSION_ID, ToldActivities, engine, working

pytestmark = pytest.mark.asyncio(loop_scope="module")
SESSION = SessionInput(SESSION_ID, 2, 3600.0)
HISTORIES = sorted((Path(__file__).parents[3] / "testdata" / "histories").rglob("*.json"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def temporal() -> AsyncIterator[Client]:
    async with engine() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def told(temporal: Client) -> AsyncIterator[ToldActivities]:
    activities = ToldActivities()
    async with working(temporal, activities.all()):
        yield activities
        for name in ("retention", "translation", "notify", "session"):
            with suppress(RPCError):  # it has ended, or never began
                await temporal.get_workflow_handle(f"{name}-{SESSION_ID}").terminate()


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


async def test_what_is_cancelled_has_ended_before_anything_is_deleted(temporal: Client, told: ToldActivities) -> None:
    stages = {"transcribe", "watch", "listen"}
    told.held, told.slow = {*stages}, {*stages}
    handle = await session(temporal)
    for name in stages:
        await told.until(name)
    await handle.cancel()
    await handle.result()
    for name in stages:
        assert told.told.count(f"{name} has ended") == 2  # of both answers
        last = max(i for i, event in enumerate(told.told) if event == f"{name} has ended")
        assert last < told.told.index("cancel_session")


async def test_cancelling_is_not_forgotten_when_a_try_comes_to_its_end(temporal: Client, told: ToldActivities) -> None:
    told.held, told.deaf = {"begin_session"}, {"begin_session"}
    handle = await session(temporal)
    await told.until("begin_session")
    await handle.cancel()
    await asyncio.sleep(0.5)
    await told.go_on("begin_session")
    await handle.result()
    assert "cancel_session" in told.told
    assert "fetch" not in told.told


async def test_waiting_has_no_limit(temporal: Client, told: ToldActivities) -> None:
    await (await session(temporal)).result()
    history = await temporal.get_workflow_handle(f"answer-{SESSION_ID}-0").fetch_history()
    scheduled = [
        event.activity_task_scheduled_event_attributes
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    ]
    assert {attributes.activity_type.name for attributes in scheduled} >= {"fetch", "prepare", "watch", "evaluate"}
    for attributes in scheduled:
        assert attributes.schedule_to_close_timeout.ToTimedelta() == timedelta(0), attributes.activity_type.name
        assert attributes.start_to_close_timeout.ToTimedelta() > timedelta(0)


async def test_an_answer_that_cannot_be_put_together_costs_no_other(temporal: Client, told: ToldActivities) -> None:
    told.failing_once = {"fuse"}
    await (await session(temporal)).result()
    fused = [request for name, request in told.requests if name == "fuse"]
    assert [files.error_reason for files in fused].count("INTERNAL") == 1
    assert len(fused) == 3
    assert "publish" in told.told
    assert "fail_session" not in told.told


async def test_a_recording_that_cannot_be_deleted_now_holds_nothing_up(temporal: Client, told: ToldActivities) -> None:
    told.failing = {"clean_up"}
    await (await session(temporal)).result()
    assert "publish" in told.told
    assert "fail_session" not in told.told


async def test_a_session_goes_on_with_what_is_left(temporal: Client, told: ToldActivities) -> None:
    told.results = {"begin_session": Begun(True, (FILE, None))}
    await (await session(temporal)).result()
    assert [request.index for name, request in told.requests if name == "fetch"] == [1]
    [published] = [request for name, request in told.requests if name == "publish"]
    assert len(published.answers) == 2


async def test_a_session_that_is_gone_or_has_ended_is_left_alone(temporal: Client, told: ToldActivities) -> None:
    told.results = {"begin_session": Begun(False)}
    await (await session(temporal)).result()
    assert told.told == ["begin_session"]


async def test_a_session_under_the_id_of_a_deleted_one_has_its_retention(
    temporal: Client, told: ToldActivities
) -> None:
    """The webhook of the deleted one is still tried, and its timer was not stopped."""
    told.held = {"notify"}
    notifying = await temporal.start_workflow(
        NotificationWorkflow.run, SESSION_ID, id=f"notify-{SESSION_ID}", task_queue=QUEUE
    )
    await told.until("notify")
    timer = ErasureInput(SESSION_ID, 3600.0)
    await temporal.start_workflow(ErasureWorkflow.run, timer, id=f"retention-{SESSION_ID}", task_queue=QUEUE)
    await (await session(temporal)).result()
    assert "publish" in told.told
    retention = await temporal.get_workflow_handle(f"retention-{SESSION_ID}").describe()
    assert retention.close_time is None
    await told.go_on("notify")
    await notifying.result()


async def test_a_session_waits_for_its_deletion_apart_from_those_at_work(
    temporal: Client, told: ToldActivities
) -> None:
    await (await session(temporal)).result()
    timer = await temporal.get_workflow_handle(f"retention-{SESSION_ID}").describe()
    assert timer.task_queue == f"{QUEUE}-retention"
    assert timer.close_time is None


async def test_a_timer_asks_whether_its_time_is_over(temporal: Client, told: ToldActivities) -> None:
    told.left_s = [0.3, 0.3]
    erased = await temporal.execute_workflow(
        ErasureWorkflow.run, ErasureInput(SESSION_ID, 0.1), id=f"retention-{SESSION_ID}", task_queue=QUEUE
    )
    assert erased == 0
    assert told.told == [*["retention_left"] * 3, "stop_session", "erase_session"]


async def test_deleting_now_asks_nobody(temporal: Client, told: ToldActivities) -> None:
    deleting = ErasureInput(SESSION_ID)
    await temporal.execute_workflow(ErasureWorkflow.run, deleting, id=f"erase-{SESSION_ID}", task_queue=QUEUE)
    assert told.told == ["stop_session", "erase_session"]


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_sessions_of_versions_before_go_on(path: Path) -> None:
    """Open ones stand at the activity that their file is named after; `tests.support.histories` makes such files.

    Those right in the folder have no markers: they translated each answer before publishing.
    """
    history = WorkflowHistory.from_json(path.stem, path.read_text())  # noqa: ASYNC240
    marked = any(event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED for event in history.events)
    assert not marked or path.parent.name != "histories"
    await Replayer(workflows=WORKFLOWS, workflow_runner=RUNNER).replay_workflow(history)


@types.coroutine
def _for_ever(*_: object) -> Iterator[None]:
    yield


@pytest.mark.parametrize(
    ("module", "begun"),
    [(translation, lambda: TranslationWorkflow().run(SESSION_ID)), (sessions, lambda: SessionWorkflow().run(SESSION))],
    ids=["translation", "session"],
)
async def test_a_workflow_that_only_leaves_the_memory_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, module: types.ModuleType, begun: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    finished: list[str] = []

    async def finish(name: str, _: object) -> None:
        finished.append(name)

    for waiting in {"quick", "activity"} & set(vars(module)):
        monkeypatch.setattr(module, waiting, _for_ever)
    monkeypatch.setattr(module, "finish", finish)
    running = begun()
    running.send(None)
    running.close()  # a RuntimeError where it is caught like a failure
    assert finished == []
