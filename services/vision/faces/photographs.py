"""A photograph before the camera: a face that is moved as a whole and in which nothing else moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.runs import runs, span, windowed
from services.vision.series import Series
from services.vision.settings import Limits

# Measured on made clips: prints held by hand have 0.003 in the mouth, people who speak over 0.012.
WINDOW_S, SMOOTH_S = 8.0, 0.6
"""Movement is looked for over these times, after the jitter of landmarks is averaged out."""
EYES_STILL, MOUTH_STILL, GAZE_STILL = 0.035, 0.006, 0.03
"""Deviations within the window: opening of the eyes over its level, mouth opening, gaze of the blendshapes."""
CONFIDENCE = 0.6
"""Somebody who listens without a glance looks the same: not calibrated."""


def photograph_events(series: Series, limits: Limits) -> list[VisionEvent]:
    """Spans with a face whose eyes, gaze and mouth are as good as fixed."""
    faces = series.faces
    still = (_deviation(faces.offset_s, series.open_share) < EYES_STILL) & ~np.isnan(series.open_share)
    for values, limit in ((faces.mouth_opening, MOUTH_STILL), (faces.gaze_shape, GAZE_STILL)):
        still &= _deviation(faces.offset_s, windowed(faces.offset_s, values, SMOOTH_S)) < limit
    found = [span(run, faces.offset_s, series.video.duration_s) for run in runs(np.asarray(still, np.bool_))]
    return [
        VisionEvent(EventKind.CAMERA_PHOTOGRAPH, when, (when.start_s + when.end_s) / 2, 1.0, CONFIDENCE)
        for when in found
        if when.duration_s >= limits.camera_photograph_min_s
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
