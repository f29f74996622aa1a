"""What was seen."""

from __future__ import annotations

from dataclasses import dataclass, field

from servicekit.wire import Model, Span, Track


@dataclass(frozen=True, slots=True)
class VisionEvent:
    """Something in the picture.

    `type` is `blink`, `looking_away`, `face_absent`, `second_face`, `reading`, or `camera_` and `black`, `frozen`,
    `photograph`, `looped`, `dark`, `blurred`, `far` or `slow`. `direction` is `left`, `right`, `up`, `down` or empty,
    `still` the URI of a picture or empty.
    """

    type: str
    span: Span
    direction: str
    strength: float
    confidence: float
    still: str = ""


@dataclass(frozen=True, slots=True)
class Screening:
    """The original's per-frame figures; confidences 0 to 100."""

    suspicious_frames: int
    suspicious_percent: float
    average_confidence: float | None
    min_confidence: float | None
    max_confidence: float | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Measurements in columns, about 10 rows a second; every column has the length of `offset_s`. NaN is `None`."""

    offset_s: list[float] = field(default_factory=list)
    face_count: list[int] = field(default_factory=list)
    yaw_deg: list[float | None] = field(default_factory=list)
    pitch_deg: list[float | None] = field(default_factory=list)
    roll_deg: list[float | None] = field(default_factory=list)
    gaze_horizontal_deg: list[float | None] = field(default_factory=list)
    gaze_vertical_deg: list[float | None] = field(default_factory=list)
    eye_aspect_ratio: list[float | None] = field(default_factory=list)
    mouth_opening: list[float | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FacePrint:
    """The descriptor of the main face, to recognise it in the session's other answers.

    Biometric: it is an artefact of its own, deleted with the session and part of no result.
    """

    descriptor: tuple[float, ...]
    """128 numbers; two pictures of a person are under 0.6 apart."""
    looks: int
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Vision:
    """What the picture showed. Ratios 0 to 1; the other units are those of `interview.vision.v1.VisionSummary`."""

    events: tuple[VisionEvent, ...]
    frame_count: int
    analyzed_frame_count: int
    frame_rate_hz: float
    width_px: int
    height_px: int
    duration_s: float
    face_present_ratio: float
    multiple_faces_ratio: float
    blink_count: int
    blink_rate_per_minute: float | None
    eye_contact_ratio: float | None
    gaze_stability: float | None
    smile_intensity: float | None
    smile_variation: float | None
    eyebrow_movement_range: float | None
    baseline_smile_intensity: float | None
    baseline_eyebrow_position: float | None
    calibration_applied: bool
    head_movement_intensity: float | None
    screening: Screening
    models: tuple[Model, ...]
    missing: tuple[Span, ...] = ()
    """Where there is no picture."""
    track: Track | None = None
    """The track that was watched."""
