"""What one pass over a video collects, and its columns in time order."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.vision.camera import Camera
from services.vision.geometry import Measures
from services.vision.model import Floats
from services.vision.presence import Detections


@dataclass(frozen=True, slots=True)
class Video:
    """The video track as decoded."""

    frame_count: int
    duration_s: float
    frame_rate_hz: float
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Series:
    """Columns of shape (n,) by the names of `Measures`, in time order; NaN without a face."""

    video: Video
    offset_s: Floats
    columns: dict[str, Floats]
    detections: Detections
    camera: Camera

    def __getitem__(self, name: str) -> Floats:
        return self.columns[name]

    @property
    def present(self) -> NDArray[np.bool_]:
        """Where a face was landmarked, shape (n,)."""
        return ~np.isnan(self.columns["yaw_deg"])


@dataclass(slots=True)
class Recorder:
    """Takes in the pass's looks in any order."""

    faces: list[tuple[float, Measures]] = field(default_factory=list)
    detections: list[tuple[float, int, int, float, float]] = field(default_factory=list)
    camera: list[tuple[float, float, float, float]] = field(default_factory=list)

    def eyes(self) -> tuple[float, float]:
        """Time and eye aspect ratio of the latest look at a face; NaN without one."""
        offset_s, measures = self.faces[-1]
        return offset_s, measures.eye_aspect_ratio

    def series(self, video: Video, detector_interval_s: float) -> Series:
        """Everything in time order."""
        faces = sorted(self.faces, key=lambda row: row[0])
        table = np.array([astuple(measures) for _, measures in faces], np.float64)
        names = Measures.__dataclass_fields__
        seen = np.array(self.detections, np.float64).reshape(-1, 5).T
        looks = np.array(self.camera, np.float64).reshape(-1, 4).T
        return Series(
            video,
            np.array([offset_s for offset_s, _ in faces], np.float64),
            {name: table[:, i] for i, name in enumerate(names)},
            Detections(seen[0], detector_interval_s, seen[1].astype(np.int32), seen[2].astype(np.int32), *seen[3:]),
            Camera(*looks),
        )
