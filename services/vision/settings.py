"""Configuration of the vision service."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import SettingsConfigDict

from servicekit.settings import DecodingSettings, ModelSettings, ServerSettings, StoreSettings


class Pace(BaseModel):
    """How often what is looked at."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    threads: int = Field(default=1, ge=1)
    """Threads that decode and scale one video. MediaPipe itself uses one thread a model."""

    landmark_interval_s: float = Field(default=0.2, gt=0)
    """Time between frames that are landmarked, seconds; eyes and mouth are followed in between."""

    detector_interval_s: float = Field(default=0.5, gt=0)
    """Time between frames in which second faces are looked for, seconds."""

    identity_interval_s: float = Field(default=5.0, gt=0)
    """Time between the first two frames in which the face is described, seconds; each costs 0.1 s. After a face like
    those before it is twice as long, after one unlike them half as long."""

    long_side_px: int = Field(default=640, ge=128)
    """Frames are scaled so that their long side is at most this many pixels."""


class Limits(BaseModel):
    """From when on something counts."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    calibration_frames: int = Field(default=60, ge=1)
    """Frames with a face that make the baseline of mouth and eyebrows. The original's CALIBRATION_FRAMES."""

    eye_ratio_right_limit: float = 0.6
    """Gaze ratio under which a frame is suspicious. The original's EYE_RATIO_RIGHT_LIMIT."""

    eye_ratio_left_limit: float = 1.6
    """Gaze ratio over which a frame is suspicious. The original's EYE_RATIO_LEFT_LIMIT."""

    head_turn_left_limit: float = 0.35
    """Head ratio under which a frame is suspicious. The original's HEAD_TURN_LEFT_LIMIT."""

    head_turn_right_limit: float = 0.65
    """Head ratio over which a frame is suspicious. The original's HEAD_TURN_RIGHT_LIMIT."""

    blink_ratio: float = Field(default=0.80, gt=0, lt=1)
    """Eyes count as closed under this share of the person's own open eye aspect ratio."""

    looking_away_min_s: float = Field(default=1.2, gt=0)
    """Shortest look away that is reported, seconds."""

    face_absent_min_s: float = Field(default=0.5, gt=0)
    """Shortest absence that is reported, seconds."""

    second_face_min_s: float = Field(default=0.5, gt=0)
    """Shortest presence of a second face that is reported, seconds."""

    second_face_score: float = Field(default=0.70, ge=0, le=1)
    """Detector score from which another face counts when it is seen in two looks."""

    second_face_faint_score: float = Field(default=0.50, ge=0, le=1)
    """Detector score from which another face counts when it is seen in four looks."""

    second_face_min_width: float = Field(default=0.06, ge=0, le=1)
    """Width of another face from which it counts, as a share of the picture's width."""

    camera_black_min_s: float = Field(default=0.5, gt=0)
    """Shortest black picture that is reported, seconds."""

    camera_frozen_min_s: float = Field(default=2.0, gt=0)
    """Shortest unchanging picture that is reported, seconds."""

    camera_photograph_min_s: float = Field(default=10.0, gt=0)
    """Shortest face without any movement of its own that is reported as a photograph, seconds."""

    camera_loop_min_s: float = Field(default=3.0, gt=0)
    """Shortest repetition of an earlier moment that is reported as a replayed loop, seconds."""

    camera_quality_min_s: float = Field(default=3.0, gt=0)
    """Shortest dark, blurred, too distant or stuttering picture that is reported, seconds."""

    stills_max: int = Field(default=20, ge=0)
    """Most stills of one video."""


class Settings(ServerSettings, StoreSettings, ModelSettings, DecodingSettings, Pace, Limits):
    """Environment variables start with `VISION_`."""

    model_config = SettingsConfigDict(env_prefix="VISION_")

    port: int = Field(default=50052, ge=0, le=65535)
    """Port to listen on. 0: any free one."""

    model: str = "face-landmarker"
    """Name of the face weights, or a path to a `.task` file."""

    identity_model: str = "face-identity"
    """Name of the weights that tell faces apart, or a path."""
