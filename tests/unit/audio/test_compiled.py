"""Filters that the image compiled are where numba looks for them."""

from __future__ import annotations

import re
from pathlib import Path

import numba
import pytest

from services.audio.compiled import lay_out
from services.audio.settings import Settings

DOCKERFILE = Path(__file__).resolve().parents[3] / "services" / "audio" / "Dockerfile"


def test_what_was_compiled_is_copied_beside_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image, scratch = tmp_path / "image", tmp_path / "scratch"
    for folder, name in ((image, "util_1/a.nbi"), (scratch, "core_1/b.nbi")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"filter")
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(scratch))
    lay_out(image)
    lay_out(None)
    assert {path.name for path in scratch.rglob("*.nbi")} == {"a.nbi", "b.nbi"}


def test_the_scratch_volume_is_not_changed_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It belongs to root there: a process that sets its mode or its times is refused, and ends."""
    image, scratch = tmp_path / "image", tmp_path / "scratch"
    (image / "util_1").mkdir(parents=True)
    scratch.mkdir()
    scratch.chmod(0o1777)
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(scratch))
    lay_out(image)
    assert (scratch / "util_1").is_dir()
    assert scratch.stat().st_mode & 0o7777 == 0o1777


def test_the_image_compiles_into_the_folder_that_it_starts_from() -> None:
    text = DOCKERFILE.read_text()
    (started_from,) = re.findall(r"AUDIO_COMPILED_DIR=(\S+)", text)
    assert re.findall(r"NUMBA_CACHE_DIR=(\S+) python -m services.audio.compiled", text) == [started_from]
    assert "NUMBA_CPU_NAME=generic" in text, "else a node with another processor compiles again"
    assert "compiled_dir" in Settings.model_fields
