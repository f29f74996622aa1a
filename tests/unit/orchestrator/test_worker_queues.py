"""Which queues a worker takes work from, and that together they have every activity where it waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic import ValidationError
from temporalio.client import Client

from orchestrator.database import open_engine
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, WorkerSettings
from orchestrator.worker import build_activities, build_workers
from orchestrator.workflows import ErasureWorkflow
from orchestrator.workflows.queues import ERASING, QUEUES, RETENTION, SERVICE_OF, WORKFLOWS, queue_of
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.workflows import engine


@pytest.fixture
async def temporal() -> AsyncIterator[Client]:
    async with engine() as client:
        yield client


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SessionStore]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'sessions.db'}"
    opened = SessionStore(open_engine(DatabaseSettings(INTERVIEW_DATABASE_URL=url)))
    yield opened
    await opened.close()


def settings(tmp_path: Path, queues: str) -> WorkerSettings:
    return WorkerSettings.model_validate({"queues": queues, "INTERVIEW_TASK_QUEUE": tmp_path.name})


def parts(tmp_path: Path) -> tuple[MediaStore, Any]:
    services: Any = SimpleNamespace(judge=None, transcriber=None, vision=None, audio=None)
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects"))), services


def test_every_queue_by_default(tmp_path: Path) -> None:
    assert WorkerSettings().queue_names == QUEUES == (WORKFLOWS, RETENTION, "transcriber", "vision", "audio", "judge")
    assert settings(tmp_path, " judge,vision, judge ").queue_names == ("judge", "vision")


@pytest.mark.parametrize("queues", ["", " , ", "judge,ears"])
def test_a_queue_that_does_not_exist_is_refused(tmp_path: Path, queues: str) -> None:
    with pytest.raises(ValidationError, match="WORKER_QUEUES names at least one of workflows, retention, transcriber"):
        settings(tmp_path, queues)


async def test_every_activity_is_taken_where_it_waits(temporal: Client, store: SessionStore, tmp_path: Path) -> None:
    media, services = parts(tmp_path)
    known = build_activities(settings(tmp_path, ",".join(QUEUES)), temporal, store, media, services)
    names = {activity.__name__ for activity in known}
    assert names >= SERVICE_OF.keys(), "a queue is named after an activity that does not exist"
    workers = build_workers(settings(tmp_path, ",".join(QUEUES)), temporal, store, media, services)
    taken = {worker.task_queue: {a.__name__ for a in worker.config()["activities"]} for worker in workers}
    assert taken.pop(tmp_path.name) == names  # calls that a version before left there, too
    assert taken.pop(f"{tmp_path.name}-retention") == {*ERASING}
    assert taken == {
        f"{tmp_path.name}-{queue}": {name for name in names if queue_of(name) == queue} for queue in QUEUES[2:]
    }
    assert all(taken.values())


async def test_deletions_that_wait_for_their_time_are_not_kept_in_memory(
    temporal: Client, store: SessionStore, tmp_path: Path
) -> None:
    media, services = parts(tmp_path)
    (worker,) = build_workers(settings(tmp_path, RETENTION), temporal, store, media, services)
    assert worker.config()["max_cached_workflows"] == 0
    assert list(worker.config()["workflows"]) == [ErasureWorkflow]


async def test_waits_for_storage_are_told_before_one_happens(
    temporal: Client, store: SessionStore, tmp_path: Path
) -> None:
    media, services = parts(tmp_path)
    build_workers(settings(tmp_path, "workflows"), temporal, store, media, services)
    for activity in ("publish", "transcribe"):
        assert REGISTRY.get_sample_value("interview_storage_waits_total", {"activity": activity}) == 0
    assert REGISTRY.get_sample_value("interview_webhooks_total", {"outcome": "delivered"}) is not None


async def test_a_worker_may_have_some_queues_alone(temporal: Client, store: SessionStore, tmp_path: Path) -> None:
    media, services = parts(tmp_path)
    (worker,) = build_workers(settings(tmp_path, "judge"), temporal, store, media, services)
    assert worker.task_queue == f"{tmp_path.name}-judge"
    assert list(worker.config()["workflows"]) == []
