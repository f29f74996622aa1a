"""What nobody owns is deleted, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from orchestrator.database import open_engine
from orchestrator.invitations.tables import InvitationRow
from orchestrator.jobs.tables import JobRow
from orchestrator.links.store import LISTED_FOR
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.states import SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from orchestrator.sweep import MOST_UNKNOWN, Sweep
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from tests.unit.orchestrator.sessions.test_store import row

NOW, LONG = timedelta(0), timedelta(hours=1)
GONE = "f" * 32


class Engine:
    """Remembers which workflows were started."""

    def __init__(self) -> None:
        self.started: list[str] = []

    async def start_workflow(self, *_: Any, id: str, **__: Any) -> None:
        self.started.append(id)


@pytest.fixture
def media(object_store: StoreSettings) -> MediaStore:
    return MediaStore(object_store)


@pytest.fixture
async def store(tmp_path: Path, database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    await opened.create(row())
    yield opened
    await opened.close()


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def sweep(store: SessionStore, media: MediaStore, engine: Engine) -> Sweep:
    return Sweep(store, media, cast(Any, engine), "tests")


async def test_objects_without_a_row_are_deleted_once_they_are_old(sweep: Sweep, media: MediaStore) -> None:
    for session_id in (row().id, GONE):
        for key in (f"sessions/{session_id}/0/face.json", f"results/{session_id}.json"):
            await media.write(key, b"{}")
    await media.write("uploads/a/b/upload.json", b"{}")
    assert await sweep.orphans(NOW) == 0  # it may get its row before the next round
    assert await sweep.orphans(LONG) == 0
    assert await sweep.orphans(NOW) == 2
    assert await media.list("sessions") == [f"sessions/{row().id}/0/face.json"]
    assert await media.list("results") == [f"results/{row().id}.json"]
    assert await media.list("uploads") == ["uploads/a/b/upload.json"]


async def test_another_database_costs_no_interview(sweep: Sweep, media: MediaStore) -> None:
    """A worker that is given an empty database, or one brought back from last month, knows none of what is stored."""
    keys = [f"sessions/{row(100 + number).id}/0/face.json" for number in range(MOST_UNKNOWN + 1)]
    for key in keys:
        await media.write(key, b"{}")
    assert [await sweep.orphans(NOW) for _ in range(3)] == [0, 0, 0]
    assert await media.list("sessions") == sorted(keys)


async def test_one_that_gets_its_row_meanwhile_keeps_its_objects(
    sweep: Sweep, media: MediaStore, store: SessionStore
) -> None:
    await media.write(f"sessions/{row(1).id}/0/upload/1", b"video")
    await sweep.orphans(NOW)
    await store.create(row(1))
    assert await sweep.orphans(NOW) == 0
    assert await media.list("sessions") == [f"sessions/{row(1).id}/0/upload/1"]


async def test_recordings_are_deleted_when_their_time_is_over(
    sweep: Sweep, media: MediaStore, store: SessionStore
) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    for number, end in enumerate((datetime.now(UTC), later, datetime.now(UTC))):
        if number:
            await store.create(row(number))
        await store.set_media(row(number).id, 0, await media.write(f"sessions/{row(number).id}/0/upload/1", b"video"))
        await media.write(f"sessions/{row(number).id}/0/transcript.json", b"{}")
        await store.set_recording_end(row(number).id, 0, end)
    for number in (0, 1):  # the third one runs
        await store.set_session(row(number).id, SessionState.COMPLETED)
    assert await sweep.recordings(LONG) == 0
    assert await sweep.recordings(NOW) == 1
    kept = [key for key in await media.list("sessions") if "upload" in key]
    assert kept == [f"sessions/{row(number).id}/0/upload/1" for number in (1, 2)]
    assert len(await media.list("sessions")) == 5
    assert (await store.existing(row().id)).answers[0].media is None
    assert await sweep.recordings(NOW) == 0


async def test_a_session_whose_timer_is_lost_is_erased(sweep: Sweep, store: SessionStore, engine: Engine) -> None:
    await store.create(row(1))
    for number, kept in enumerate((timedelta(seconds=-1), timedelta(days=1))):
        await store.publish(row(number).id, SessionState.COMPLETED, "", Media("file:///r"), kept)
    assert await sweep.overdue(LONG) == 0
    assert await sweep.overdue(NOW) == 1
    assert engine.started == [f"erase-{row().id}"]


async def test_who_was_invited_goes_after_the_link_has_ended(sweep: Sweep, store: SessionStore) -> None:
    now = datetime.now(UTC)
    job = JobRow(id="a" * 32, owner="", title="Kasir", version=1, created_at=now, updated_at=now)
    async with store.transaction() as db:
        db.add(job)
        for number, ended in enumerate((LISTED_FOR - LONG, LISTED_FOR + LONG)):
            link_id = f"{number:032x}"
            link = LinkRow(id=link_id, token_sha256=link_id, owner="", created_at=now, expires_at=now - ended)
            db.add(link)
            await db.flush()
            db.add(InvitationRow(id=link_id, job_id=job.id, candidate_name="Siti", email="", language="id"))
    await sweep.links()
    async with store.transaction() as db:
        assert list(await db.scalars(select(InvitationRow.id))) == [f"{0:032x}"]
        assert list(await db.scalars(select(LinkRow.id))) == [f"{0:032x}"]
