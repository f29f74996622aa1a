"""A photograph before the camera: a face that is moved as a whole and in which nothing else moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.vision.model import Event, EventKind, Floats
from services.vision.runs import runs, span, windowed

# Measured on made clips: prints held by hand have 0.003 in the mouth, people who speak over 0.012.
WINDOW_S, SMOOTH_S = 8.0, 0.6
EYES_STILL, MOUTH_STILL, GAZE_STILL = 0.035, 0.006, 0.03
"""Deviations within the window: opening of the eyes over its level, mouth opening, gaze of the blendshapes."""
CONFIDENCE = 0.6


def photograph_events(
    offset_s: Floats, eye_share: Floats, mouth: Floats, gaze: Floats, *, min_s: float, end_s: float
) -> list[Event]:
    """Spans of at least `min_s` seconds with a face whose eyes, gaze and mouth are as good as fixed.

    `eye_share` is the eye aspect ratio over its open level, `mouth` the mouth opening, `gaze` the horizontal gaze of
    the blendshapes, each of shape (n,), NaN without a face.
    """
    still = (_deviation(offset_s, eye_share) < EYES_STILL) & ~np.isnan(eye_share)
    for values, limit in ((mouth, MOUTH_STILL), (gaze, GAZE_STILL)):
        still &= _deviation(offset_s, windowed(offset_s, values, SMOOTH_S)) < limit
    found = [span(run, offset_s, end_s) for run in runs(np.asarray(still, np.bool_))]
    return [
        Event(EventKind.CAMERA_PHOTOGRAPH, when, (when.start_s + when.end_s) / 2, 1.0, CONFIDENCE)
        for when in found
        if when.duration_s >= min_s
    ]


def _deviation(offset_s: Floats, values: Floats) -> Floats:
    """Standard deviation within `WINDOW_S` around each sample, shape (n,); infinite where under half is known."""
    known = ~np.isnan(values)
    filled = np.where(known, values - (np.nanmean(values) if known.any() else 0.0), 0.0)
    firsts = np.searchsorted(offset_s, offset_s - WINDOW_S / 2, "left")
    ends = np.searchsorted(offset_s, offset_s + WINDOW_S / 2, "right")
    count, total, squares = (_between(column, firsts, ends) for column in (known.astype(float), filled, filled**2))
    variance = squares / np.maximum(count, 1) - (total / np.maximum(count, 1)) ** 2
    return np.where(2 * count > ends - firsts, np.sqrt(np.maximum(variance, 0.0)), np.inf)


def _between(values: Floats, firsts: NDArray[np.intp], ends: NDArray[np.intp]) -> Floats:
    sums = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray(sums[ends] - sums[firsts], np.float64)
