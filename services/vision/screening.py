"""The original system's per-frame screening, kept for dashboards that read it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.vision.model import Floats, Limits, Screening


def screening(
    gaze_ratio: Floats, head_ratio: Floats, face_count: NDArray[np.int32], main_score: Floats, limits: Limits
) -> Screening:
    """Count suspicious frames: gaze or head outside the limits, no face, or several.

    `gaze_ratio` and `head_ratio`, shape (n,), are NaN where unmeasured, and such a value is not suspicious by itself.
    `main_score`, shape (m,), are the face detector's scores of the candidate's face, 0 to 1: the only confidence in
    a face that MediaPipe gives, so it is the confidence reported here.
    """
    gaze = (gaze_ratio < limits.eye_ratio_right_limit) | (gaze_ratio > limits.eye_ratio_left_limit)
    head = (head_ratio < limits.head_turn_left_limit) | (head_ratio > limits.head_turn_right_limit)
    suspicious = int((gaze | head | (face_count != 1)).sum())
    percent = 100.0 * suspicious / len(face_count) if len(face_count) else 0.0
    scores = 100.0 * main_score[~np.isnan(main_score)]
    if not scores.size:
        return Screening(suspicious, percent, None, None, None)
    return Screening(suspicious, percent, float(scores.mean()), float(scores.min()), float(scores.max()))


def gaze_stability(gaze_ratio: Floats) -> float | None:
    """Standard deviation of the gaze ratio, shape (n,); None where it was never measured."""
    known = gaze_ratio[~np.isnan(gaze_ratio)]
    return float(known.std()) if known.size else None
