"""A session database and an object store of a test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator.database import open_engine
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    yield opened
    await opened.close()
