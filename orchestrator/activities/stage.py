"""What every stage does around its work: rows, heartbeats, progress, and errors that Temporal understands."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
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
from servicekit.telemetry.logs import get_logger

log = get_logger()
HEARTBEAT_S = 2.0
PROGRESS_S = 1.0
JUDGE_TRIES = 2
FAULT_TRIES = 5
# A full service is asked again after one, two, three ... times what it said: many that wait must not keep everything
# busy with being refused.
LONGEST_WAIT = 5
# A service that is gone for longer is a failure of its stage, so that the others count; the stage can be run again.
UNAVAILABLE_PATIENCE = timedelta(minutes=20)
# Tries that ended with their worker, or past their time: a recording that brings workers down does not go on for ever.
LOST_TRIES = 5
LOST = "The stage did not finish in time, in several tries. Run it again."


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


@dataclass(frozen=True, slots=True)
class Tries:
    """What one try tells the next one by its heartbeats: how many were lost, and since when a service has been away."""

    lost: int = 0
    faults: int = 0
    away_since: str = ""

    @classmethod
    def before(cls, info: activity.Info) -> Tries:
        """Of the tries before this one. Those of an older version told the last alone."""
        match info.heartbeat_details:
            case [int(lost), int(faults), str(away_since)]:
                return cls(lost, faults, away_since)
            case [str(away_since)]:
                return cls(away_since=away_since)
        return cls()

    def tell(self) -> None:
        """Tell the next try."""
        activity.heartbeat(self.lost, self.faults, self.away_since)


@asynccontextmanager
async def heartbeating() -> AsyncIterator[None]:
    """Heartbeat while the body runs. Raises ApplicationError with the service's reason; retryable where that helps."""
    before = Tries.before(activity.info())
    if before.lost >= LOST_TRIES:
        raise ApplicationError(LOST, type="TIMED_OUT", non_retryable=True)
    running = replace(before, lost=before.lost + 1, away_since="")  # so it is, unless this try says how it ended
    try:
        async with beating(running):
            yield
    except grpc.aio.AioRpcError as error:
        raise _application_error(from_rpc_error(error), before) from None
    except ServiceError as error:
        raise _application_error(error, before) from None
    except asyncio.CancelledError:
        before.tell()  # stopped, or its worker is: no fault of the recording
        raise
    except Exception as error:
        replace(before, faults=before.faults + 1).tell()
        if before.faults + 1 < FAULT_TRIES:
            raise  # it may only have looked like a bug
        log.exception("stage failed", error_type=type(error).__name__)
        raise _application_error(internal_error(), before) from None


@asynccontextmanager
async def beating(tries: Tries = Tries()) -> AsyncIterator[None]:
    """Heartbeat while the body runs, and nothing else."""
    beat = asyncio.create_task(_heartbeats(tries))
    try:
        yield
    finally:
        beat.cancel()


def _application_error(error: ServiceError, before: Tries) -> ApplicationError:
    """A full service is waited for, as are database and object store; a service that is gone, for a while; broken judge
    output is tried once more.
    """
    info = activity.info()
    tries_left = error.reason != "JUDGE_OUTPUT_INVALID" or before.faults + 1 < JUDGE_TRIES
    told = replace(before, away_since="", faults=before.faults + (error.reason == "JUDGE_OUTPUT_INVALID"))
    if error.of_storage:
        metrics.STORAGE_WAITS.labels(info.activity_type).inc()
    elif error.code == grpc.StatusCode.UNAVAILABLE:
        # A try that the service answers forgets it.
        told = replace(told, away_since=before.away_since or datetime.now(UTC).isoformat())
        tries_left = datetime.now(UTC) - datetime.fromisoformat(told.away_since) < UNAVAILABLE_PATIENCE
    told.tell()
    delay = timedelta(seconds=retry_delay_s(error, info.attempt)) if error.retry_after_s is not None else None
    log.info("stage attempt failed", reason=error.reason, attempt=info.attempt)
    return ApplicationError(
        error.message,
        type=error.reason,
        non_retryable=not (error.retryable and tries_left),
        next_retry_delay=delay if error.retryable else None,
    )


def retry_delay_s(error: ServiceError, attempt: int) -> float:
    """Seconds until the next try of what failed for the `attempt`th time, about; from 1."""
    asked_s = error.retry_after_s or 0.0
    if error.reason != "CAPACITY":
        return asked_s
    return asked_s * min(attempt, LONGEST_WAIT) * random.uniform(0.75, 1.25)


async def _heartbeats(tries: Tries) -> None:
    while True:
        tries.tell()
        await asyncio.sleep(HEARTBEAT_S)
