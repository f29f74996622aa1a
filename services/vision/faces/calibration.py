"""Mouth and eyebrows relative to a baseline from the first seconds; head movement."""

from __future__ import annotations

import numpy as np

from services.vision.model import Expression
from services.vision.runs import windowed
from services.vision.series import Faces, Series
from services.vision.settings import Limits

MOVEMENT_FULL_DEG_S = 20.0
"""Mean angular speed that counts as 1. Calm talk is around 5 to 10 degrees a second."""
STEADY_S = 0.5
"""Angles are smoothed over this time first, else the landmarks' jitter would read as movement."""
LONGEST_STEP_S = 0.5
"""Over longer gaps nobody knows how the head moved."""


def expression(series: Series, limits: Limits) -> Expression:
    """Smile and eyebrow measures of a video.

    The baseline is the median of the first `calibration_frames` frames with a face. With fewer frames there is no
    calibration, and the smile is measured from the whole video's median.
    """
    mouth, brow = (values[~np.isnan(values)] for values in (series.faces.mouth_width, series.faces.brow_height))
    if not mouth.size:
        return Expression(None, None, None, None, None, False)
    calibrated = mouth.size >= limits.calibration_frames
    first = limits.calibration_frames if calibrated else mouth.size
    smile = np.maximum(0.0, mouth - np.median(mouth[:first]))
    return Expression(
        smile_intensity=float(smile.mean()),
        smile_variation=float(smile.std()),
        eyebrow_movement_range=float(brow.std()),
        baseline_smile_intensity=float(np.median(mouth[:first])) if calibrated else None,
        baseline_eyebrow_position=float(np.median(brow[:first])) if calibrated else None,
        calibration_applied=calibrated,
    )


def head_movement_intensity(faces: Faces) -> float | None:
    """Mean angular speed over 20 degrees a second, capped at 1; None with under two neighbouring samples.

    Steps over gaps are left out.
    """
    angles_deg = (faces.yaw_deg, faces.pitch_deg, faces.roll_deg)
    smooth = np.stack([windowed(faces.offset_s, angle, STEADY_S) for angle in angles_deg])
    step_s = np.diff(faces.offset_s)
    turned = np.linalg.norm(np.diff(smooth, axis=1), axis=0)
    known = ~np.isnan(turned) & (step_s <= LONGEST_STEP_S)
    if not known.any():
        return None
    return float(min(1.0, turned[known].sum() / step_s[known].sum() / MOVEMENT_FULL_DEG_S))
