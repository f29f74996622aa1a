"""Each service's calls wait in a queue of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from orchestrator.workflows import SessionWorkflow
from orchestrator.workflows.inputs import SessionInput, translation_workflow_id
from tests.support.workflows import QUEUE, SESSION_ID, ToldActivities, engine, working

SESSION = SessionInput(SESSION_ID, 2, 3600.0)


@pytest.fixture
async def temporal() -> AsyncIterator[Client]:
    async with engine() as client:
        yield client


async def test_a_call_waits_in_the_queue_of_its_service(temporal: Client) -> None:
    told = ToldActivities()
    told.waiting = [0]
    async with working(temporal, told.all()):
        await temporal.execute_workflow(SessionWorkflow.run, SESSION, id=f"session-{SESSION_ID}", task_queue=QUEUE)
        await temporal.get_workflow_handle(translation_workflow_id(SESSION_ID)).result()
    waited = {}
    for name in (f"session-{SESSION_ID}", f"answer-{SESSION_ID}-0", translation_workflow_id(SESSION_ID)):
        history = await temporal.get_workflow_handle(name).fetch_history()
        for event in history.events:
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                scheduled = event.activity_task_scheduled_event_attributes
                waited[scheduled.activity_type.name] = scheduled.task_queue.name
    called = {name: queue for name, queue in waited.items() if queue != QUEUE}
    assert called == {
        "transcribe": f"{QUEUE}-transcriber",
        "watch": f"{QUEUE}-vision",
        "listen": f"{QUEUE}-audio",
        "evaluate": f"{QUEUE}-judge",
        "summarize": f"{QUEUE}-judge",
        "translate_answer": f"{QUEUE}-judge",
    }
    assert {"begin_session", "fetch", "prepare", "fuse", "publish"} <= waited.keys() - called.keys()
