"""Candidates' data on a machine that others use too."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.ports import Ports
from local.system import LocalSystem, StartError
from orchestrator.migrate import migrate
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings


def rights(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """As on most machines: everybody may read what is made."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_the_folder_of_the_local_system_is_its_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    state.mkdir()  # an older version made it

    def refuse(*_: object, **__: object) -> None:
        raise StartError("enough: only the folder matters here")

    monkeypatch.setattr("local.system.subprocess.Popen", refuse)
    with pytest.raises(StartError, match="enough"):
        LocalSystem(state, Ports.free()).start()
    assert [rights(state), rights(state / "logs")] == ["drwx------"] * 2


def test_the_folders_of_a_database_and_of_an_object_store_are_made_private(tmp_path: Path) -> None:
    migrate(f"sqlite+aiosqlite:///{tmp_path / 'a' / 'b' / 'sessions.db'}")
    MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "c" / "objects")))
    for folder in ("a", "a/b", "c", "c/objects"):
        assert rights(tmp_path / folder) == "drwx------", folder


def test_a_folder_that_is_shared_on_purpose_stays_so(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o775)
    before = rights(tmp_path / "shared")
    MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "shared")))
    assert rights(tmp_path / "shared") == before
