"""Activities as workflows call them: time limits, retries, and failures that are recorded instead of raised."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, TimeoutError, is_cancelled_exception
from temporalio.workflow import ActivityCancellationType

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.inputs import AnswerInput, StageFailure
    from orchestrator.workflows.queues import queue_name, queue_of
    from servicekit.media import Media

T = TypeVar("T")

# Limits are for work. Waiting has none: the queue behind many others, a full service, a database or store that is away.
# One try: two hours of video take about 40 minutes of vision on one core.
STAGE_TRY = timedelta(hours=2)
# A stage heartbeats every two seconds; a worker that is silent for so long is dead.
STAGE_HEARTBEAT = timedelta(seconds=15)
# Database and object store only. A worker that dies in the middle of it holds its session up for so long: these
# activities do not heartbeat.
QUICK_TRY = timedelta(seconds=90)
# What is to be given up is known to activities (`orchestrator.activities.faults`); here everything is tried again.
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15))
# Deleting what the answer does not need any more: where that cannot be done now, the worker's sweep does it later.
BRIEF = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3)
# Histories without this marker went on while their cancelled activities still ran.
CANCELLED_HAVE_ENDED = "cancelled-have-ended"

STAGE_OF = {"translate_answer": "translate"}
"""The stage that an activity does, where it has another name."""


async def stage(name: str, answer: AnswerInput, request: Any, result: type[T] | Any) -> T | StageFailure:
    """Run a stage; on failure record it and return it."""
    try:
        found: T = await activity(name, request, result, STAGE_TRY, STAGE_HEARTBEAT)
        return found
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        failure = _failure(answer, STAGE_OF.get(name, name), error)
        await quick("fail_stage", failure)
        return failure


async def quick(name: str, request: Any, retries: RetryPolicy = PATIENT) -> None:
    """Work on rows and objects only."""
    await activity(name, request, type(None), QUICK_TRY, retries=retries)


async def finish(name: str, request: Any) -> None:
    """Work that is done to its end though its workflow was cancelled."""
    await asyncio.shield(asyncio.ensure_future(quick(name, request)))


async def activity(
    name: str,
    request: Any,
    result: Any,
    one_try: timedelta,
    heartbeat: timedelta | None = None,
    retries: RetryPolicy = PATIENT,
) -> Any:
    """Any activity: tried again until it is done or says that it cannot be.

    When it is cancelled its try has ended before the cancellation goes on, or is known to be lost: what is erased then
    does not come back.
    """
    waits = workflow.patched(CANCELLED_HAVE_ENDED) or name == "translate_answer"
    found = await workflow.execute_activity(
        name,
        request,
        task_queue=queue_name(workflow.info().task_queue, queue_of(name)),
        result_type=result,
        start_to_close_timeout=one_try,
        heartbeat_timeout=heartbeat,
        retry_policy=retries,
        cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
        if waits
        else ActivityCancellationType.TRY_CANCEL,
    )
    if waits and _is_cancelled():  # it came to its end all the same
        raise asyncio.CancelledError
    return found


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def together(*works: Awaitable[T]) -> list[T]:
    """All of them at the same time, to the end of each even when one fails. Raises the first error, in their order."""
    outcomes = await asyncio.gather(*works, return_exceptions=workflow.patched(CANCELLED_HAVE_ENDED))
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return outcomes  # type: ignore[return-value]


def found(outcome: Media | StageFailure | None) -> Media | None:
    """The artefact of a stage, if it made one."""
    return outcome if isinstance(outcome, Media) else None


def _failure(answer: AnswerInput, stage: str, error: ActivityError) -> StageFailure:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return StageFailure(answer, stage, cause.type or "INTERNAL", cause.message)
    if isinstance(cause, TimeoutError):
        return StageFailure(answer, stage, "TIMED_OUT", "The stage did not finish in time. Run it again.")
    return StageFailure(answer, stage, "INTERNAL", "Internal error.")
