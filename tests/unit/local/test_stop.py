"""`make stop` ends the system that it belongs to, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local import __main__ as commands
from local.ports import Ports
from local.system import LocalSystem


def test_whoever_has_an_old_process_id_now_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (tmp_path / "supervisord.pid").write_text(f"{stranger.pid}\n")
    monkeypatch.setattr(commands, "STATE", tmp_path)
    assert commands.stop() == 0
    assert capsys.readouterr().out == "Nothing is running.\n"
    stranger.communicate(b"\n", timeout=60)
    assert stranger.returncode == 0


def test_a_system_that_runs_is_told_by_its_own_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def call(self: LocalSystem, method: str, *arguments: Any) -> bool:
        told.append(method)
        return True

    monkeypatch.setattr(LocalSystem, "_supervisor_call", call)
    assert LocalSystem(tmp_path, Ports.free()).shut_down()
    assert told == ["shutdown"]
