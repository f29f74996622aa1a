"""What one pass over a video collects, and its columns in time order."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.vision.camera import Camera
from services.vision.geometry import Measures
from services.vision.identities import DESCRIPTOR, Identities
from services.vision.loops import HEIGHT_PX, WIDTH_PX, Prints
from services.vision.model import Floats
from services.vision.presence import Detections, Others


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
    frames_per_second: NDArray[np.int64]
    """Frames in each second of the video."""
    prints: tuple[Floats, Prints]
    """Times and fingerprints of the frames that are looked through for loops."""
    identities: Identities

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
    detections: list[tuple[float, int, Others, float, float]] = field(default_factory=list)
    camera: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    prints: list[tuple[float, Prints]] = field(default_factory=list)
    seconds: Counter[int] = field(default_factory=Counter)
    identities: list[tuple[float, Floats]] = field(default_factory=list)

    def eyes(self) -> tuple[float, float]:
        """Time and eye aspect ratio of the latest look at a face; NaN without one."""
        offset_s, measures = self.faces[-1]
        return offset_s, measures.eye_aspect_ratio

    def series(self, video: Video, detector_interval_s: float) -> Series:
        """Everything in time order."""
        faces = sorted(self.faces, key=lambda row: row[0])
        table = np.array([astuple(measures) for _, measures in faces], np.float64)
        names = Measures.__dataclass_fields__
        looks = np.array(self.camera, np.float64).reshape(-1, 5).T
        return Series(
            video,
            np.array([offset_s for offset_s, _ in faces], np.float64),
            {name: table[:, i] for i, name in enumerate(names)},
            self._detections(detector_interval_s),
            Camera(*looks),
            np.array([self.seconds[second] for second in range(int(video.duration_s))], np.int64),
            self._prints(),
            self._identities(),
        )

    def _identities(self) -> Identities:
        times = np.array([offset_s for offset_s, _ in self.identities], np.float64)
        return Identities(
            times, np.array([each for _, each in self.identities], np.float64).reshape(len(times), DESCRIPTOR)
        )

    def _detections(self, interval_s: float) -> Detections:
        rows = [(at, width, blur, clear, *astuple(others)) for at, clear, others, width, blur in self.detections]
        at, width, blur, clear, count, main_score, other_score, late, *places = (
            np.array(rows, np.float64).reshape(-1, 12).T
        )
        faces, others = clear.astype(np.int32), count.astype(np.int32)
        return Detections(at, interval_s, faces, others, main_score, other_score, width, blur, late > 0, *places)

    def _prints(self) -> tuple[Floats, Prints]:
        times = np.array([offset_s for offset_s, _ in self.prints], np.float64)
        return times, np.array([each for _, each in self.prints], np.uint16).reshape(len(times), WIDTH_PX * HEIGHT_PX)
