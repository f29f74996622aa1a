"""Activities as workflows call them: time limits, retries, and failures that are recorded instead of raised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, TimeoutError, is_cancelled_exception
from temporalio.workflow import ActivityCancellationType

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.inputs import AnswerInput, StageFailure
    from servicekit.media import Media

T = TypeVar("T")

# A stage may wait for capacity or for a service to come back; past this it counts as failed.
STAGE_TOTAL = timedelta(hours=4)
# One try: two hours of video take about 40 minutes of vision on one core.
STAGE_TRY = timedelta(hours=2)
# A stage heartbeats every two seconds; a worker that is silent for so long is dead.
STAGE_HEARTBEAT = timedelta(seconds=15)
# Database and object store only, and up to a minute of waiting for a workflow to wind down. A worker that dies in the
# middle of it holds its session up for so long: these activities do not heartbeat.
QUICK_TRY = timedelta(seconds=90)
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15))
# About nine minutes of a database or store that refuses, longer of one that hangs; then it is a fault and said so.
PERSISTENT = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15), maximum_attempts=40
)

STAGE_OF = {"translate_answer": "translate"}
"""The stage that an activity does, where it has another name."""


async def stage(
    name: str,
    answer: AnswerInput,
    request: Any,
    result: type[T] | Any,
    cancellation: ActivityCancellationType = ActivityCancellationType.TRY_CANCEL,
) -> T | StageFailure:
    """Run a stage; on failure record it and return it."""
    try:
        found: T = await activity(name, request, result, STAGE_TRY, STAGE_HEARTBEAT, cancellation)
        return found
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        failure = _failure(answer, STAGE_OF.get(name, name), error)
        await quick("fail_stage", failure)
        return failure


async def quick(name: str, request: Any) -> None:
    """Work on rows and objects only."""
    await activity(name, request, type(None), QUICK_TRY)


async def activity(
    name: str,
    request: Any,
    result: Any,
    one_try: timedelta,
    heartbeat: timedelta | None = None,
    cancellation: ActivityCancellationType = ActivityCancellationType.TRY_CANCEL,
) -> Any:
    """Any activity: tried again until it is done, within `STAGE_TOTAL`."""
    return await workflow.execute_activity(
        name,
        request,
        result_type=result,
        start_to_close_timeout=one_try,
        schedule_to_close_timeout=STAGE_TOTAL,
        heartbeat_timeout=heartbeat,
        retry_policy=PATIENT if heartbeat else PERSISTENT,
        cancellation_type=cancellation,
    )


def found(outcome: Media | StageFailure | None) -> Media | None:
    """The artefact of a stage, if it made one."""
    return outcome if isinstance(outcome, Media) else None


def _failure(answer: AnswerInput, stage: str, error: ActivityError) -> StageFailure:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return StageFailure(answer, stage, cause.type or "INTERNAL", cause.message)
    if isinstance(cause, TimeoutError):
        return StageFailure(answer, stage, "TIMED_OUT", "The stage did not finish in time. Submit the answer again.")
    return StageFailure(answer, stage, "INTERNAL", "Internal error.")
