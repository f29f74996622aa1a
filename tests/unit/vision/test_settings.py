from __future__ import annotations

from pathlib import Path

import pytest
from interview.vision.v1 import vision_service_pb2 as pb

from servicekit.weights.errors import WeightsError
from services.vision.model import Direction, EventKind, Limits, Pace
from services.vision.settings import Settings
from services.vision.weights import load_watcher


def test_defaults_are_those_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_PORT", raising=False)
    settings = Settings(_env_file=None)
    assert settings.port == 50052
    assert settings.limits == Limits()
    assert settings.pace == Pace()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_LANDMARK_INTERVAL_S", "0.05")
    monkeypatch.setenv("VISION_STILLS_MAX", "3")
    settings = Settings(_env_file=None)
    assert (settings.pace.landmark_interval_s, settings.limits.stills_max) == (0.05, 3)


def test_missing_weights_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_MODEL_DIR", str(tmp_path))
    with pytest.raises(WeightsError, match="make models"):
        load_watcher(Settings(_env_file=None))


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "face.task"
    path.write_bytes(b"no zip")
    with pytest.raises(WeightsError, match="face_landmarker"):
        load_watcher(Settings(model=str(path), _env_file=None))


def test_events_and_directions_have_the_names_and_numbers_of_the_wire() -> None:
    kinds = {f"VISION_EVENT_TYPE_{kind.name}": kind.value for kind in EventKind}
    assert kinds == {name: number for name, number in pb.VisionEventType.items() if number}
    directions = {f"DIRECTION_{way.name}": way.value for way in Direction if way}
    assert directions == {name: number for name, number in pb.Direction.items() if number}
