"""What one pass over a video gives: columns in time order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicekit.wire import Span
from services.vision.model import Counts, Flags, Floats
from services.vision.settings import Limits


@dataclass(frozen=True, slots=True)
class Video:
    """The video track as decoded."""

    frame_count: int
    duration_s: float
    """Length of the whole recording, its sound included."""
    frame_rate_hz: float
    width_px: int
    height_px: int
    missing: tuple[Span, ...] = ()
    """Where there is no picture."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The candidate's face at the frames landmarked, columns of shape (n,) as in `Measures`; NaN without a face."""

    offset_s: Floats
    yaw_deg: Floats
    pitch_deg: Floats
    roll_deg: Floats
    gaze_shape: Floats
    gaze_iris: Floats
    gaze_up: Floats
    gaze_ratio: Floats
    head_ratio: Floats
    eye_aspect_ratio: Floats
    mouth_width: Floats
    mouth_opening: Floats
    brow_height: Floats

    @property
    def present(self) -> Flags:
        """Where a face was landmarked."""
        return ~np.isnan(self.yaw_deg)


@dataclass(frozen=True, slots=True)
class Detections:
    """What the detector saw at its looks, columns of shape (n,) as in `Detected`."""

    offset_s: Floats
    faces: Counts
    others: Counts
    main_score: Floats
    other_score: Floats
    main_width: Floats
    main_blur: Floats
    other_late: Flags
    other_left: Floats
    other_top: Floats
    other_likeness: Floats
    main_left: Floats
    main_top: Floats


@dataclass(frozen=True, slots=True)
class Camera:
    """Brightness of the frames looked at, columns of shape (n,) as in `Brightness`."""

    offset_s: Floats
    mean: Floats
    deviation: Floats
    difference: Floats
    bright: Floats


@dataclass(frozen=True, slots=True)
class Prints:
    """Fingerprints of the frames that are looked through for loops, shape (n, 192)."""

    offset_s: Floats
    prints: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Identities:
    """Descriptors of the candidate's face, shape (n, 128)."""

    offset_s: Floats
    descriptors: Floats


@dataclass(frozen=True, slots=True)
class Strays:
    """How far the candidate's face strayed in the eight seconds around each time, in face sizes, shape (n,)."""

    offset_s: Floats
    stray: Floats


@dataclass(frozen=True, slots=True)
class Series:
    """Everything that was seen of a video."""

    video: Video
    faces: Faces
    open_share: Floats
    """Opening of the eyes over the person's own open level, shape (n,) as in `faces`."""
    detections: Detections
    detector_interval_s: float
    """Time between two looks of the detector."""
    camera: Camera
    frames_per_second: NDArray[np.int64]
    """Frames in each second of the video."""
    prints: Prints
    identities: Identities
    strays: Strays

    def eyes_open(self, limits: Limits) -> Flags:
        """Where a face's eyes are open, shape (n,)."""
        return np.nan_to_num(self.open_share, nan=0.0) >= limits.blink_ratio
