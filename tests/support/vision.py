"""What a pass would have seen, made up: only what a test names differs from a steady face before a good camera."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from services.vision.analyzer import PictureAnalyzer
from services.vision.eyes.blinks import open_level
from services.vision.model import Floats
from services.vision.series import Camera, Detections, Faces, Identities, Prints, Series, Strays, Video
from services.vision.settings import Limits, Settings

LIMITS = Limits()
OPEN = 0.3
SIZE = 192


def analyzer() -> PictureAnalyzer:
    """The real one, loaded."""
    found = PictureAnalyzer(Settings())
    found.load()
    return found


def faces(offset_s: Floats, **columns: Floats | float) -> Faces:
    """A face that looks at the camera with open eyes."""
    values = {"eye_aspect_ratio": OPEN, "gaze_ratio": 1.0, "head_ratio": 0.5} | columns
    names = [column.name for column in fields(Faces) if column.name != "offset_s"]
    level = np.zeros(len(offset_s))
    return Faces(offset_s=offset_s, **{name: level + values.get(name, 0.0) for name in names})


def detections(offset_s: Floats, **columns: Any) -> Detections:
    """One face, of good size and sharp."""
    steady: dict[str, Any] = {
        "faces": 1,
        "others": 0,
        "main_score": 0.9,
        "other_score": 0.0,
        "main_width": 0.3,
        "main_blur": 0.4,
    }
    kinds: dict[str, type[Any]] = {"faces": np.int32, "others": np.int32, "other_late": np.bool_}
    values = steady | {"other_late": False} | columns
    names = [column.name for column in fields(Detections) if column.name != "offset_s"]
    wide = {name: np.broadcast_to(values.get(name, np.nan), len(offset_s)) for name in names}
    return Detections(offset_s=offset_s, **{n: np.array(each, kinds.get(n, np.float64)) for n, each in wide.items()})


def camera(offset_s: Floats, **columns: Floats | float) -> Camera:
    """A bright picture that moves."""
    values = {"mean": 100.0, "deviation": 5.0, "difference": 1.0, "bright": 150.0} | columns
    level = np.zeros(len(offset_s))
    return Camera(offset_s=offset_s, **{name: level + value for name, value in values.items()})


def series(
    seen: Faces | None = None,
    detected: Detections | None = None,
    filmed: Camera | None = None,
    *,
    end_s: float = 0.0,
    frame_rate_hz: float = 25.0,
    interval_s: float = 0.5,
    frames_per_second: list[int] | None = None,
    prints: Prints | None = None,
    identities: Identities | None = None,
    strays: Strays | None = None,
) -> Series:
    """Everything of a video; what is not given was not seen."""
    nothing = np.zeros(0)
    seen = seen or faces(nothing)
    return Series(
        Video(round(end_s * frame_rate_hz), end_s, frame_rate_hz, 640, 480),
        seen,
        seen.eye_aspect_ratio / open_level(seen),
        detected or detections(nothing),
        interval_s,
        filmed or camera(nothing),
        np.array(frames_per_second or [], np.int64),
        prints or Prints(nothing, np.zeros((0, SIZE), np.uint16)),
        identities or Identities(nothing, np.zeros((0, 128))),
        strays or Strays(nothing, nothing),
    )
