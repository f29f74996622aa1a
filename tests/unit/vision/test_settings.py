from __future__ import annotations

from pathlib import Path

import pytest
from interview.vision.v1 import vision_service_pb2 as pb

from servicekit.weights.errors import WeightsError
from services.vision.analyzer import PictureAnalyzer
from services.vision.model import Direction, EventKind
from services.vision.settings import Limits, Pace, Settings


def test_the_settings_are_pace_and_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_PORT", raising=False)
    settings = Settings(_env_file=None)
    assert settings.port == 50052
    for part in (Pace(), Limits()):
        assert part.model_dump().items() <= settings.model_dump().items()


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_LANDMARK_INTERVAL_S", "0.05")
    monkeypatch.setenv("VISION_STILLS_MAX", "3")
    settings = Settings(_env_file=None)
    assert (settings.landmark_interval_s, settings.stills_max) == (0.05, 3)


def test_missing_weights_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_MODEL_DIR", str(tmp_path))
    with pytest.raises(WeightsError, match="make models"):
        PictureAnalyzer(Settings(_env_file=None)).load()


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "face.task"
    path.write_bytes(b"no zip")
    with pytest.raises(WeightsError, match="face_landmarker"):
        PictureAnalyzer(Settings(model=str(path), _env_file=None)).load()


def test_events_and_directions_have_the_names_and_numbers_of_the_wire() -> None:
    kinds = {f"VISION_EVENT_TYPE_{kind.name}": kind.value for kind in EventKind}
    assert kinds == {name: number for name, number in pb.VisionEventType.items() if number}
    directions = {f"DIRECTION_{way.name}": way.value for way in Direction if way}
    assert directions == {name: number for name, number in pb.Direction.items() if number}
