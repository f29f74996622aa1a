"""What every stage does around its work: rows, heartbeats, progress, and errors that Temporal understands."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import grpc
import structlog
from interview.common.v1.model_pb2 import Progress
from temporalio import activity
from temporalio.exceptions import ApplicationError

from orchestrator import metrics
from orchestrator.sessions.states import StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.workflows.inputs import AnswerInput
from servicekit.errors import ServiceError, from_rpc_error, internal_error
from servicekit.logs import get_logger

log = get_logger()
HEARTBEAT_S = 2.0
PROGRESS_S = 1.0
JUDGE_TRIES = 2
FAULT_TRIES = 5
# A full service is asked again after one, two, three ... times what it said: many that wait must not keep everything
# busy with being refused.
LONGEST_WAIT = 5
# A service that is gone for longer is a failure of its stage, so that the others count.
UNAVAILABLE_PATIENCE = timedelta(minutes=20)


class StageRun:
    """A running stage: `progress` moves its bar, at most once a second, never backwards."""

    def __init__(self, store: SessionStore, answer: AnswerInput, name: str) -> None:
        """Start nothing; `stage` does."""
        self._store, self._answer, self.name = store, answer, name
        self._written_at = 0.0
        self._fraction = 0.0
        self.end_state = StageState.COMPLETED

    async def progress(self, message: Progress) -> None:
        """Record how far the service has come."""
        now = time.monotonic()
        if message.fraction > self._fraction and now - self._written_at >= PROGRESS_S:
            self._written_at, self._fraction = now, message.fraction
            await self.set(fraction=message.fraction)

    def skip(self) -> None:
        """End the stage as not needed."""
        self.end_state = StageState.SKIPPED

    async def set(self, **values: object) -> None:
        """Change columns of the stage's row."""
        await self._store.set_stage(self._answer.session_id, self._answer.index, self.name, **values)


@asynccontextmanager
async def stage(store: SessionStore, answer: AnswerInput, name: str) -> AsyncIterator[StageRun]:
    """Around the work of a stage: its row, and what `heartbeating` does."""
    run = StageRun(store, answer, name)
    structlog.contextvars.bind_contextvars(session_id=answer.session_id, answer=answer.index, stage=name)
    async with heartbeating():
        with _measured(run):
            await run.set(state=StageState.RUNNING, fraction=0.0, started_at=datetime.now(UTC), ended_at=None)
            yield run
            await run.set(state=run.end_state, fraction=1.0, ended_at=datetime.now(UTC))


@contextmanager
def _measured(run: StageRun) -> Iterator[None]:
    waited = datetime.now(UTC) - activity.info().scheduled_time
    started, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = run.end_state.lower()
        metrics.STAGE_WAIT_SECONDS.labels(run.name).observe(waited.total_seconds())
    except asyncio.CancelledError:
        outcome = "cancelled"
        raise
    finally:
        metrics.STAGE_SECONDS.labels(run.name, outcome).observe(time.perf_counter() - started)


@asynccontextmanager
async def heartbeating() -> AsyncIterator[None]:
    """Heartbeat while the body runs. Raises ApplicationError with the service's reason; retryable where that helps."""
    beat = asyncio.create_task(_heartbeats())
    try:
        yield
    except grpc.aio.AioRpcError as error:
        raise _application_error(from_rpc_error(error)) from None
    except ServiceError as error:
        raise _application_error(error) from None
    except Exception as error:
        if activity.info().attempt < FAULT_TRIES:
            raise  # the database may be away for a moment
        log.exception("stage failed", error_type=type(error).__name__)
        raise _application_error(internal_error()) from None
    finally:
        beat.cancel()


def _application_error(error: ServiceError) -> ApplicationError:
    """A full service is waited for; one that is gone, for a while; broken judge output is tried once more."""
    info = activity.info()
    tries_left = error.reason != "JUDGE_OUTPUT_INVALID" or info.attempt < JUDGE_TRIES
    if error.code == grpc.StatusCode.UNAVAILABLE:
        since = _unavailable_since(info)
        activity.heartbeat(since.isoformat())  # the next try is told; one that the service answers forgets it
        tries_left = datetime.now(UTC) - since < UNAVAILABLE_PATIENCE
    delay = timedelta(seconds=retry_delay_s(error, info.attempt)) if error.retry_after_s is not None else None
    log.info("stage attempt failed", reason=error.reason, attempt=info.attempt)
    return ApplicationError(
        error.message,
        type=error.reason,
        non_retryable=not (error.retryable and tries_left),
        next_retry_delay=delay if error.retryable else None,
    )


def _unavailable_since(info: activity.Info) -> datetime:
    """When the service went away: at the first of the tries in a row that did not reach it."""
    return datetime.fromisoformat(info.heartbeat_details[0]) if info.heartbeat_details else datetime.now(UTC)


def retry_delay_s(error: ServiceError, attempt: int) -> float:
    """Seconds until the next try of what failed for the `attempt`th time, about; from 1."""
    asked_s = error.retry_after_s or 0.0
    if error.reason != "CAPACITY":
        return asked_s
    return asked_s * min(attempt, LONGEST_WAIT) * random.uniform(0.75, 1.25)


async def _heartbeats() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(HEARTBEAT_S)
