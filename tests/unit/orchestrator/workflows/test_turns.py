"""Owners take turns where work waits."""

from __future__ import annotations

from typing import Any

from temporalio import activity

from orchestrator.settings import ApiSettings
from orchestrator.workflows.control import WorkflowControl, turn
from orchestrator.workflows.inputs import AnswerInput, PublishInput
from tests.support.workflows import FILE, QUEUE, ToldActivities, engine, working

MANY = 40
FAIR_AT_ONCE = (
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    'matching.backlogNegligibleAge="1ms"',
)
"""The engine lets owners take turns within a part of a queue, and among tasks that have waited for some seconds."""


async def test_an_owner_with_one_session_does_not_wait_for_another_ones_forty() -> None:
    published: list[str] = []
    async with engine(*FAIR_AT_ONCE) as client:
        control = WorkflowControl(
            ApiSettings(INTERVIEW_TEMPORAL_ADDRESS=client.service_client.config.target_host, INTERVIEW_TASK_QUEUE=QUEUE)
        )
        await control.load()
        for i in range(MANY):
            await control.start_session(f"many{i}", 1, "Rina")
        await control.start_session("one", 1, "Budi")

        @activity.defn(name="publish")
        async def publish(request: PublishInput) -> None:
            published.append(request.session_id)

        @activity.defn(name="fetch")
        async def fetch(_answer: AnswerInput) -> Any:
            return FILE

        others = ToldActivities().all(without=("publish", "fetch"))
        async with working(client, [*others, publish, fetch], slots=1):
            await client.get_workflow_handle("session-one").result()
    assert published.index("one") < MANY / 4


def test_a_turn_names_nobody() -> None:
    key = turn("rina@example.org").fairness_key
    assert key == turn("rina@example.org").fairness_key != turn("budi@example.org").fairness_key
    assert "rina" not in str(key)
    assert len(str(key)) <= 64
