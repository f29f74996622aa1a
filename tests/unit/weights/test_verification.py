from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from servicekit.weights import __main__ as command
from servicekit.weights.catalogue import EMBEDDED, HUB, INSTALLED
from servicekit.weights.errors import WeightsError
from servicekit.weights.folder import default_model_dir
from servicekit.weights.verification import STAMP, sha256_of, verify

RIGHT = hashlib.sha256(b"weights").hexdigest()


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    return path


def test_a_missing_file_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"model\.bin is missing\. Run `make models`\."):
        verify(tmp_path / "model.bin", RIGHT)


def test_what_was_checked_is_not_read_again(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(weights, RIGHT)
    monkeypatch.setattr("servicekit.weights.verification.sha256_of", lambda path: "f" * 64)
    verify(weights, RIGHT)
    with pytest.raises(WeightsError, match="has SHA-256 ffff"):
        verify(weights, RIGHT, again=True)


def test_a_stamp_is_only_good_for_its_own_digest(weights: Path) -> None:
    verify(weights, RIGHT)
    with pytest.raises(WeightsError, match=f"has SHA-256 {RIGHT}, expected 0000"):
        verify(weights, "0" * 64)


@pytest.mark.parametrize("content", ["", "rubbish", "[]"])
def test_a_spoilt_stamp_is_no_stamp(weights: Path, content: str) -> None:
    (weights.parent / STAMP).write_text(content)
    verify(weights, RIGHT)
    weights.write_bytes(b"other")
    with pytest.raises(WeightsError):
        verify(weights, RIGHT)


def test_the_digest_is_that_of_the_content(weights: Path) -> None:
    assert sha256_of(weights) == RIGHT


def test_every_pinned_digest_is_one() -> None:
    digests = [file.sha256 for embedded in EMBEDDED.values() for file in embedded.files]
    digests += [installed.sha256 for installed in INSTALLED.values()] + [hub.sha256 for hub in HUB.values()]
    assert all(len(bytes.fromhex(digest)) == 32 for digest in digests)
    assert all(len(bytes.fromhex(hub.revision)) == 20 for hub in HUB.values())


def test_the_model_folder_follows_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_model_dir() == tmp_path / "interview-assessment" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert default_model_dir() == tmp_path / "home" / ".cache" / "interview-assessment" / "models"


def test_the_command_lists_and_explains(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["weights", "list"])
    assert command.main() == 0
    assert capsys.readouterr().out.splitlines()[0] == "whisper-base\t1.0.0\t141 MiB"

    def failing(*arguments: object) -> None:
        raise WeightsError("no network")

    monkeypatch.setattr(command, "install", failing)
    monkeypatch.setattr(sys, "argv", ["weights", "install", "face-landmarker", "--dir", str(tmp_path)])
    assert command.main() == 1
    assert capsys.readouterr().err == "no network\n"
