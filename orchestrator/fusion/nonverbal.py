"""Non-verbal measures and their score, by the original's formula with true inputs.

Score = 50 + 50 * sum of weight * reliability * exp(-z*z/2), z = (value - mean) / sd, over the seven metrics of the
original's table. A metric that was not measured adds nothing. The margin is the sum of weight * (1 - reliability)
* 100 over what was measured, plus the whole weight of what was not.

The score says how close the measures are to common values of recorded interviews, nothing about a person's feelings
or honesty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from orchestrator.evidence import AnswerEvidence, Vision
from orchestrator.fusion.blocks.nonverbal import (
    EyeMovementAnalysis,
    FacialExpressionAnalysis,
    NonVerbalAnalysis,
    NonVerbalScore,
)
from orchestrator.fusion.rounding import percent, rounded
from orchestrator.fusion.speech import speech_analysis


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of the original's table."""

    mean: float
    sd: float
    reliability: float
    weight: float


METRICS = {
    "speech_rate_wpm": Metric(145, 30, 0.92, 0.26),
    "speaking_ratio": Metric(0.58, 0.22, 0.90, 0.24),
    "blink_rate_per_minute": Metric(17, 10, 0.88, 0.18),
    "eye_contact_percentage": Metric(65, 20, 0.84, 0.16),
    "head_movement_intensity": Metric(0.5, 0.30, 0.82, 0.10),
    "average_smile_intensity": Metric(0.18, 0.14, 0.78, 0.04),
    "eyebrow_movement_range": Metric(0.025, 0.018, 0.75, 0.02),
}


def nonverbal_score(values: dict[str, float | None]) -> NonVerbalScore | None:
    """The score of the measured `values` by metric name; None when nothing was measured."""
    known = {name: value for name in METRICS if (value := values.get(name)) is not None}
    if not known:
        return None
    terms = {name: 50 * _term(METRICS[name], value) for name, value in known.items()}
    score = 50 + math.fsum(terms.values())
    margin = math.fsum(100 * m.weight * (1 - m.reliability if name in known else 1.0) for name, m in METRICS.items())
    low, high = max(0.0, score - margin), min(100.0, score + margin)
    shown = {name: round(term, 3) for name, term in terms.items()}
    return NonVerbalScore(round(score, 2), round(margin, 2), round(low, 2), round(high, 2), shown)


def nonverbal_values(answer: AnswerEvidence) -> dict[str, float | None]:
    """The seven metrics as measured in one answer."""
    vision = answer.vision
    speech = speech_analysis(answer)
    return {
        "speech_rate_wpm": speech.speech_rate_wpm,
        "speaking_ratio": speech.speaking_ratio,
        "blink_rate_per_minute": vision.blink_rate_per_minute if vision else None,
        "eye_contact_percentage": percent(vision.eye_contact_ratio) if vision else None,
        "head_movement_intensity": vision.head_movement_intensity if vision else None,
        "average_smile_intensity": vision.smile_intensity if vision else None,
        "eyebrow_movement_range": vision.eyebrow_movement_range if vision else None,
    }


def nonverbal_analysis(answer: AnswerEvidence) -> NonVerbalAnalysis:
    """The block `non_verbal_analysis` of one answer: the original's keys, and head movement beside them."""
    return NonVerbalAnalysis(
        speech_analysis=speech_analysis(answer),
        facial_expression_analysis=_facial(answer.vision),
        eye_movement_analysis=_eyes(answer.vision),
    )


def _term(metric: Metric, value: float) -> float:
    z = (value - metric.mean) / metric.sd
    return metric.weight * metric.reliability * math.exp(-z * z / 2)


def _facial(vision: Vision | None) -> FacialExpressionAnalysis:
    return FacialExpressionAnalysis(
        average_smile_intensity=rounded(vision.smile_intensity, 4) if vision else None,
        smile_variation=rounded(vision.smile_variation, 4) if vision else None,
        eyebrow_movement_range=rounded(vision.eyebrow_movement_range, 4) if vision else None,
        baseline_smile_intensity=rounded(vision.baseline_smile_intensity, 4) if vision else None,
        baseline_eyebrow_position=rounded(vision.baseline_eyebrow_position, 4) if vision else None,
        total_frames_analyzed=vision.analyzed_frame_count if vision else None,
        face_detected_percentage=percent(vision.face_present_ratio) if vision else None,
        calibration_applied=vision.calibration_applied if vision else False,
        head_movement_intensity=rounded(vision.head_movement_intensity, 4) if vision else None,
    )


def _eyes(vision: Vision | None) -> EyeMovementAnalysis:
    return EyeMovementAnalysis(
        total_blinks=vision.blink_count if vision else None,
        blink_rate_per_minute=rounded(vision.blink_rate_per_minute, 2) if vision else None,
        eye_contact_percentage=percent(vision.eye_contact_ratio) if vision else None,
        gaze_stability=rounded(vision.gaze_stability, 4) if vision else None,
    )
