"""Non-verbal measures and their score."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.fusion.blocks.figures import Percent, Performance, Points, Ratio


@dataclass(frozen=True, slots=True)
class SpeechAnalysis:
    """How long, how fast and with how many pauses somebody speaks."""

    total_duration_seconds: float | None
    speaking_time_seconds: float | None
    silence_time_seconds: float | None
    number_of_pauses: int | None
    speaking_ratio: Ratio | None
    nonsilent_ratio: Ratio | None
    response_latency_seconds: float | None
    speech_rate_wpm: float | None
    speech_rate_over_total_wpm: float | None
    articulation_rate: float | None
    """Syllables a second of speaking time."""
    filler_word_count: int | None


@dataclass(frozen=True, slots=True)
class FacialExpressionAnalysis:
    """Movements of the face. They say nothing about what a person feels."""

    average_smile_intensity: float | None
    smile_variation: float | None
    eyebrow_movement_range: float | None
    baseline_smile_intensity: float | None
    baseline_eyebrow_position: float | None
    total_frames_analyzed: int | None
    face_detected_percentage: Percent | None
    calibration_applied: bool
    head_movement_intensity: float | None


@dataclass(frozen=True, slots=True)
class EyeMovementAnalysis:
    """Blinks and gaze."""

    total_blinks: int | None
    blink_rate_per_minute: float | None
    eye_contact_percentage: Percent | None
    gaze_stability: float | None


@dataclass(frozen=True, slots=True)
class NonVerbalAnalysis:
    """The measures of one answer."""

    speech_analysis: SpeechAnalysis
    facial_expression_analysis: FacialExpressionAnalysis
    eye_movement_analysis: EyeMovementAnalysis


@dataclass(frozen=True, slots=True)
class NonVerbalScore:
    """Score 0 to 100 with its margin and interval, and the terms it is made of."""

    score: Points
    margin: float
    low: Points
    high: Points
    terms: dict[str, float]


@dataclass(frozen=True, slots=True)
class AggregateNonVerbal:
    """The measures of the session."""

    overall_performance_status: Performance | None
    overall_confidence_score: Points | None
    summary: str
    """One line that existing dashboards read with a regular expression."""
