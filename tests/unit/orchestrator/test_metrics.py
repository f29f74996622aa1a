"""What the worker counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator.activities.notification import NotificationActivities
from orchestrator.activities.session import SessionActivities
from orchestrator.activities.stage import stage
from orchestrator.database import open_engine
from orchestrator.metrics import FAULTS, begin_at_nought
from orchestrator.policies import policy
from orchestrator.sessions.states import SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from orchestrator.workflows.inputs import AnswerInput, SessionInput, StageFailure
from servicekit.errors import ServiceError, no_audio_stream, upstream_down
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from tests.support.signing import signer
from tests.unit.orchestrator.sessions.test_store import row

ANSWER = AnswerInput(row().id, 0)
SESSION = SessionInput(row().id, 1, 3600.0)


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    await opened.create(row())
    yield opened
    await opened.close()


class Count:
    """How much a metric grows within the context."""

    def __init__(self, name: str, **labels: str) -> None:
        self.name, self.labels, self.grown = name, labels, 0.0

    def __enter__(self) -> Count:
        self._before = self._now()
        return self

    def __exit__(self, *_: object) -> None:
        self.grown = self._now() - self._before

    def _now(self) -> float:
        return REGISTRY.get_sample_value(self.name, self.labels) or 0.0


def tries(outcome: str) -> Count:
    return Count("interview_stage_seconds_count", stage="listen", outcome=outcome)


async def run(
    store: SessionStore, *, error: Exception | None = None, skip: bool = False, begun: asyncio.Event | None = None
) -> None:
    """One try of a stage whose turn came 20 seconds ago; with `begun` it never ends by itself."""

    async def work() -> None:
        async with stage(store, ANSWER, "listen") as running:
            if begun is not None:
                begun.set()
                await asyncio.Event().wait()
            if skip:
                running.skip()
            if error is not None:
                raise error

    environment = ActivityEnvironment()
    environment.info = _waiting(environment.info, 20)
    await environment.run(work)


def _waiting(info: Any, seconds: float) -> Any:
    return type(info)(**{**vars(info), "scheduled_time": datetime.now(UTC) - timedelta(seconds=seconds)})


async def test_a_stage_is_timed_with_its_wait(store: SessionStore) -> None:
    before = datetime.now(UTC)
    with tries("completed") as completed, Count("interview_stage_wait_seconds_sum", stage="listen") as waited:
        await run(store)
    assert completed.grown == 1
    assert 20 <= waited.grown <= 20 + (datetime.now(UTC) - before).total_seconds()


async def test_a_stage_that_was_not_needed_is_told_apart(store: SessionStore) -> None:
    with tries("skipped") as skipped, tries("completed") as completed:
        await run(store, skip=True)
    assert (skipped.grown, completed.grown) == (1, 0)


async def test_a_try_that_fails_is_no_wait(store: SessionStore) -> None:
    waiting = Count("interview_stage_wait_seconds_count", stage="listen")
    with tries("failed") as failed, waiting as waited, pytest.raises(ApplicationError):
        await run(store, error=no_audio_stream())
    assert (failed.grown, waited.grown) == (1, 0)


async def test_a_try_that_is_cancelled_is_told_apart(store: SessionStore) -> None:
    with tries("cancelled") as cancelled:
        begun = asyncio.Event()
        running = asyncio.create_task(run(store, begun=begun))
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert cancelled.grown == 1


async def test_failures_and_sessions_are_counted_by_how(store: SessionStore, tmp_path: Path) -> None:
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    activities = SessionActivities(store, media, cast(Any, None), policy.load(), signer())
    with Count("interview_stage_failures_total", stage="watch", reason="TIMED_OUT") as failures:
        await activities.fail_stage(StageFailure(ANSWER, "watch", "TIMED_OUT", "Too slow."))
    with Count("interview_sessions_total", state="cancelled") as cancelled:
        await activities.cancel_session(SESSION)
    with Count("interview_sessions_total", state="failed") as failed:
        await activities.fail_session(SESSION)
    assert (failures.grown, cancelled.grown, failed.grown) == (1, 1, 1)


async def test_sessions_beyond_their_retention_are_counted_until_they_are_deleted(store: SessionStore) -> None:
    other = row(1)
    await store.create(other)
    for session_id, kept in ((SESSION.session_id, timedelta(seconds=-1)), (other.id, timedelta(days=1))):
        await store.publish(session_id, SessionState.COMPLETED, "", Media("file:///r"), kept)
    assert await store.overdue() == 1
    await store.delete(SESSION.session_id)
    assert await store.overdue() == 0


class Webhook:
    """A caller's system that answers by raising or not."""

    def __init__(self, error: ServiceError | None = None) -> None:
        self._error = error

    async def send(self, _row: object) -> None:
        if self._error is not None:
            raise self._error


async def test_webhooks_are_counted_by_outcome(store: SessionStore) -> None:
    told = row(2)
    told.webhook_url = "https://hr.example.org/"
    await store.create(told)

    async def notify(webhook: Webhook) -> None:
        await ActivityEnvironment().run(NotificationActivities(store, cast(Any, webhook)).notify, told.id)

    with Count("interview_webhooks_total", outcome="delivered") as delivered:
        await notify(Webhook())
    with Count("interview_webhooks_total", outcome="UPSTREAM_DOWN") as down, pytest.raises(ApplicationError):
        await notify(Webhook(upstream_down("It")))
    assert (delivered.grown, down.grown) == (1, 1)


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_sessions_are_told_before_one_ends(state: str) -> None:
    begin_at_nought()
    assert REGISTRY.get_sample_value("interview_sessions_total", {"state": state}) is not None


@pytest.mark.parametrize("reason", FAULTS)
def test_failures_are_told_before_one_happens(reason: str) -> None:
    begin_at_nought()
    for stage_name in ("fetch", "transcribe", "evaluate"):
        labels = {"stage": stage_name, "reason": reason}
        assert REGISTRY.get_sample_value("interview_stage_failures_total", labels) is not None
