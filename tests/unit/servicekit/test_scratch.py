"""What a killed process leaves on the disk is a recording of a person; a full disk is waited for."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.scratch import scratch_folder, sweep
from servicekit.settings import StoreSettings

HOLD = """
import sys, time
from pathlib import Path
from servicekit.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "media").write_text("a recording")
    print("written", flush=True)
    time.sleep(600)
"""


def test_a_folder_is_gone_at_the_end(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "media").write_bytes(b"x")
        assert folder.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_deleted_and_what_a_running_one_has_is_not(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert sweep(tmp_path) == 0
        (kept,) = tmp_path.glob("*/media")
        assert kept.read_text() == "a recording"
        process.send_signal(signal.SIGKILL)
    MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["objects"]


def test_what_does_not_belong_to_us_stays(tmp_path: Path) -> None:
    (tmp_path / "interview-rehearsal-1").mkdir()
    assert sweep(tmp_path) == 0
    assert (tmp_path / "interview-rehearsal-1").exists()


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_waited_for(tmp_path: Path, full: int) -> None:
    with pytest.raises(ServiceError) as caught, scratch_folder(tmp_path):
        raise OSError(full, os.strerror(full))
    assert (caught.value.reason, caught.value.retryable) == ("CAPACITY", True)
    assert list(tmp_path.iterdir()) == []


async def test_a_recording_that_finds_no_room_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")), tmp_path)
    media = await store.write("a", b"a recording")
    assert media.sha256 == hashlib.sha256(b"a recording").hexdigest()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ServiceError) as caught:
        async with store.local_file(media):
            raise AssertionError("unreachable")
    assert caught.value.reason == "CAPACITY"
