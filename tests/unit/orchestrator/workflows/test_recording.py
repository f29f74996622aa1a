"""No more recordings lie on a worker's disk than it has room for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator.activities.recording import RecordingActivities
from orchestrator.database import open_engine
from orchestrator.download.downloader import Downloader
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings, WorkerSettings
from orchestrator.workflows.inputs import AnswerInput, PrepareInput
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from servicekit.storage.segments import DataKey
from tests.unit.orchestrator.sessions.test_store import row


class Disk(MediaStore):
    """Remembers how many files were there at a time; none of them can be read."""

    now = most = 0

    @asynccontextmanager
    async def local_file(self, media: Media, data_key: DataKey | None = None) -> AsyncIterator[Path]:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.05)
        try:
            yield Path("/nothing/here")
        finally:
            self.now -= 1


@pytest.mark.parametrize("room", [1, 2])
async def test_recordings_wait_for_room(database: DatabaseSettings, tmp_path: Path, room: int) -> None:
    store = SessionStore(open_engine(database))
    await store.create(row())
    disk = Disk(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path)))
    activities = RecordingActivities(store, disk, Downloader(WorkerSettings()), 60.0, at_once=room)
    request = PrepareInput(AnswerInput(row().id, 0), Media(disk.uri("video"), 1, ""))
    tries = (ActivityEnvironment().run(activities.prepare, request) for _ in range(4))
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(error, ApplicationError) for error in ended), ended
    assert disk.most == room
    await store.close()
