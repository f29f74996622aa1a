"""Waiting for weights that another process lays out, as on a cluster's shared volume."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from servicekit.weights import __main__ as program
from servicekit.weights.catalogue import HUB, Embedded, Hub, WeightFile
from servicekit.weights.verification import verify

CONTENT = b"weights"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
TINY = Embedded("tiny", "1.0", (WeightFile("model.bin", len(CONTENT), SHA256, ()),))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "POLL_S", 0.01)
    monkeypatch.setattr(program, "EMBEDDED", {"tiny": TINY})
    monkeypatch.setattr(program, "HUB", {"large": Hub("large", "someone/large", "0", sha256=SHA256)})


def wait(monkeypatch: pytest.MonkeyPatch, folder: Path, *names: str) -> threading.Thread:
    monkeypatch.setattr(sys, "argv", ["weights", "wait", *names, "--dir", str(folder)])
    thread = threading.Thread(target=program.main, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("name", ["tiny", "large"])
def test_it_ends_once_the_file_was_verified(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = wait(monkeypatch, tmp_path, name)
    (tmp_path / name).mkdir()
    (tmp_path / name / "model.bin").write_bytes(CONTENT)
    waiting.join(0.2)
    assert waiting.is_alive(), "a file that nobody has checked may still be written"
    verify(tmp_path / name / "model.bin", SHA256)
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_changed_file_is_not_ready(tmp_path: Path) -> None:
    path = tmp_path / "tiny" / "model.bin"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    verify(path, SHA256)
    path.write_bytes(b"others!!")
    assert not program._is_laid_out("tiny", tmp_path)


def test_the_folder_is_the_one_of_the_settings(tmp_path: Path) -> None:
    environment = {**os.environ, "INTERVIEW_MODEL_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "servicekit.weights", "wait", "whisper-base"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stderr is not None
        try:
            assert waiting.stderr.readline() == f"waiting for whisper-base in {tmp_path}\n"
        finally:
            waiting.kill()


def test_models_of_the_hub_that_can_be_waited_for_have_a_hash() -> None:
    assert all(model.sha256 for model in HUB.values())


def test_weights_that_nobody_lays_out_are_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "PATIENCE_S", 0.05)
    monkeypatch.setattr(sys, "argv", ["weights", "wait", "tiny", "--dir", str(tmp_path)])
    with pytest.raises(SystemExit, match="nobody lays out tiny"):
        program.main()
