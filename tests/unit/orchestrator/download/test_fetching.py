"""Downloads have places of their own: servers that drip do not hold all of a worker's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator.activities.recording import RecordingActivities
from orchestrator.sessions.tables import SessionRow
from orchestrator.workflows.inputs import AnswerInput
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from tests.unit.orchestrator.sessions.test_store import row


class Rows:
    """Sessions whose recordings are to be downloaded."""

    async def get(self, session_id: str) -> SessionRow:
        found = row()
        found.answers[0].url = "https://example.org/a.mp4"
        return found

    async def set_stage(self, *_: object, **__: object) -> None:
        """Nobody looks."""

    async def set_media(self, *_: object) -> None:
        """Nobody looks."""


class Dripping:
    """A server that sends a byte and then waits until it is let go."""

    def __init__(self) -> None:
        self.started, self.go_on = asyncio.Event(), asyncio.Event()

    async def stream(self, url: str) -> AsyncIterator[bytes]:
        yield b"a"
        self.started.set()
        await self.go_on.wait()


async def test_a_full_worker_gives_the_place_back_and_tries_again(tmp_path: Path) -> None:
    media, server = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects"))), Dripping()
    rows: Any = Rows()
    activities = RecordingActivities(rows, media, cast(Any, server), 7200.0, at_once=4, max_downloads=1)

    async def fetched(number: int) -> Media:
        found = await ActivityEnvironment().run(activities.fetch, AnswerInput(f"{number:032x}", 0))
        assert isinstance(found, Media)
        return found

    first = asyncio.create_task(fetched(1))
    await server.started.wait()
    with pytest.raises(ApplicationError) as full:
        await fetched(2)
    assert (full.value.type, full.value.non_retryable) == ("CAPACITY", False)
    assert full.value.next_retry_delay is not None
    server.go_on.set()
    assert (await first).size_bytes == 1
    assert (await fetched(2)).size_bytes == 1
