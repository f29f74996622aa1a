"""What the vision service measures: inputs, results and the protocol. No machine learning, no protobuf."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from servicekit.wire import Model, Progress, Span, Track

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]
Flags = NDArray[np.bool_]


class EventKind(IntEnum):
    """What happened; the numbers are those of `VisionEventType`."""

    BLINK = 1
    LOOKING_AWAY = 2
    FACE_ABSENT = 3
    SECOND_FACE = 4
    CAMERA_BLACK = 5
    CAMERA_FROZEN = 6
    CAMERA_PHOTOGRAPH = 7
    CAMERA_LOOPED = 8
    CAMERA_DARK = 9
    CAMERA_BLURRED = 10
    CAMERA_FAR = 11
    CAMERA_SLOW = 12
    READING = 13
    PERSON_CHANGED = 14


class Direction(IntEnum):
    """Where the candidate looks, as seen by the candidate; the numbers are those of the wire."""

    NONE = 0
    LEFT = 1
    RIGHT = 2
    UP = 3
    DOWN = 4


@dataclass(frozen=True, slots=True)
class VisionEvent:
    """Something that happened. `strength` and `confidence` as in `VisionEvent`; `peak_s` is media time."""

    kind: EventKind
    span: Span
    peak_s: float
    strength: float
    confidence: float
    direction: Direction = Direction.NONE


@dataclass(frozen=True, slots=True)
class Still:
    """A JPEG that shows the event with this index at this media time."""

    offset_s: float
    event_index: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows at about 10 Hz, one array of shape (rows,) a column; NaN where nothing was measured."""

    offset_s: Floats
    face_count: Counts
    yaw_deg: Floats
    pitch_deg: Floats
    roll_deg: Floats
    gaze_horizontal_deg: Floats
    gaze_vertical_deg: Floats
    eye_aspect_ratio: Floats
    mouth_opening: Floats


@dataclass(frozen=True, slots=True)
class Screening:
    """The original system's per-frame figures; confidences 0 to 100, None without a face."""

    suspicious_frames: int
    suspicious_percent: float
    average_confidence: float | None
    min_confidence: float | None
    max_confidence: float | None


@dataclass(frozen=True, slots=True)
class Expression:
    """Mouth and eyebrows relative to the face's size, fields as in `VisionSummary`; None where unmeasured."""

    smile_intensity: float | None
    smile_variation: float | None
    eyebrow_movement_range: float | None
    baseline_smile_intensity: float | None
    baseline_eyebrow_position: float | None
    calibration_applied: bool


@dataclass(frozen=True, slots=True)
class VisionResult:
    """What holds for the whole video; fields as in `VisionSummary`. None where unmeasured."""

    frame_count: int
    analyzed_frame_count: int
    duration_s: float
    frame_rate_hz: float
    width_px: int
    height_px: int
    face_present_ratio: float
    multiple_faces_ratio: float
    blink_count: int
    blink_rate_per_minute: float | None
    eye_contact_ratio: float | None
    gaze_stability: float | None
    head_movement_intensity: float | None
    expression: Expression | None
    """None where it was not to be measured."""
    screening: Screening
    face_descriptor: tuple[float, ...] = ()
    """Of the main face, 128 numbers; empty where it was not to be described, and without a face."""
    described_looks: int = 0
    missing: tuple[Span, ...] = ()
    """Where there is no picture."""
    track: Track | None = None
    """The track that was watched."""
    models: tuple[Model, ...] = ()
    """What measured it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be measured of a person."""

    expression: bool = True
    """Blinks, mouth corners, eyebrows, eye contact, head movement."""
    identity: bool = True
    """What tells whether the same person is in the picture."""


Event = Progress | Timeline | VisionEvent | Still | VisionResult


EVERYTHING = Scope()


class VisionAnalyzer(Protocol):
    """Measures the picture of a video."""

    def load(self) -> None:
        """Load the weights; blocking. Raises WeightsError."""

    def analyze(self, path: Path, scope: Scope = EVERYTHING) -> Generator[Event, None, None]:
        """Yield progress, then timeline, events each followed by its still, and one result. Raises ServiceError.

        Reads the video track that shows a face once; closing the generator stops the work.
        """

    def close(self) -> None:
        """Let go of the weights; called after the last pass."""
