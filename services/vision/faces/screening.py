"""The original system's per-frame screening, kept for dashboards that read it."""

from __future__ import annotations

import numpy as np

from services.vision.faces.presence import face_counts
from services.vision.model import Floats, Screening
from services.vision.series import Series
from services.vision.settings import Limits


def screening(series: Series, limits: Limits) -> Screening:
    """Count suspicious frames: gaze or head outside the limits, no face, or several.

    What is not measured is not suspicious by itself. The face detector's score of the candidate's face is the only
    confidence in a face that MediaPipe gives, so it is the confidence reported here.
    """
    ratio, turn = _gaze_ratio(series, limits), series.faces.head_ratio
    gaze = (ratio < limits.eye_ratio_right_limit) | (ratio > limits.eye_ratio_left_limit)
    head = (turn < limits.head_turn_left_limit) | (turn > limits.head_turn_right_limit)
    suspicious = int((gaze | head | (face_counts(series, limits) != 1)).sum())
    percent = 100.0 * suspicious / len(ratio) if len(ratio) else 0.0
    scores = 100.0 * series.detections.main_score[~np.isnan(series.detections.main_score)]
    if not scores.size:
        return Screening(suspicious, percent, None, None, None)
    return Screening(suspicious, percent, float(scores.mean()), float(scores.min()), float(scores.max()))


def gaze_stability(series: Series, limits: Limits) -> float | None:
    """Standard deviation of the original's gaze ratio; None where it was never measured."""
    ratio = _gaze_ratio(series, limits)
    known = ratio[~np.isnan(ratio)]
    return float(known.std()) if known.size else None


def _gaze_ratio(series: Series, limits: Limits) -> Floats:
    return np.where(series.eyes_open(limits), series.faces.gaze_ratio, np.nan)  # closed eyes have no gaze
