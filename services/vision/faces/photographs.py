"""A photograph before the camera: a face that is moved as a whole and in which nothing else moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.vision.faces.stray import STEP_S, WINDOW_S
from services.vision.model import EventKind, Flags, Floats, VisionEvent
from services.vision.runs import runs, span, windowed
from services.vision.series import Series, Strays
from services.vision.settings import Limits

# Measured on made clips of four persons. The mouth's landmarks stray on prints too, by how much differs from face to
# face: whether it moves is seen in the picture of the face, the landmarks only tell a single word.
SMOOTH_S = 0.6
"""The jitter of landmarks is averaged out over this time, before movement is looked for in windows as of `stray`."""
EYES_STILL, MOUTH_STILL, GAZE_STILL = 0.035, 0.012, 0.03
"""Deviations within the window: opening of the eyes over its level, mouth opening (people who speak are over it), gaze
of the blendshapes."""
PICTURE_STILL = 0.004
"""How far the picture of the face may stray, in face sizes. Prints held by hand: 0.0019 at most, at 150 kbit/s too, and
0.0035 tilted by 4 degrees. People made to move half as much as usual: 0.0049 and more, a third as much: 0.0032."""
CONFIDENCE = 0.6
"""Somebody who listens without a blink and hardly moves looks the same: not calibrated."""


def photograph_events(series: Series, limits: Limits) -> list[VisionEvent]:
    """Spans with a face whose eyes, gaze and mouth are as good as fixed."""
    faces = series.faces
    still = (_deviation(faces.offset_s, series.open_share) < EYES_STILL) & ~np.isnan(series.open_share)
    for values, limit in ((faces.mouth_opening, MOUTH_STILL), (faces.gaze_shape, GAZE_STILL)):
        still &= _deviation(faces.offset_s, windowed(faces.offset_s, values, SMOOTH_S)) < limit
    still &= _picture_still(faces.offset_s, series.strays)
    found = [span(run, faces.offset_s, series.video.duration_s) for run in runs(np.asarray(still, np.bool_))]
    return [
        VisionEvent(EventKind.CAMERA_PHOTOGRAPH, when, (when.start_s + when.end_s) / 2, 1.0, CONFIDENCE)
        for when in found
        if when.duration_s >= limits.camera_photograph_min_s
    ]


def _picture_still(offset_s: Floats, strays: Strays) -> Flags:
    """Whether the face hardly strayed around each time, shape (n,); where nothing is known it did."""
    if not len(strays.offset_s):
        return np.zeros(len(offset_s), np.bool_)
    after = np.clip(np.searchsorted(strays.offset_s, offset_s), 0, len(strays.offset_s) - 1)
    before = np.maximum(after - 1, 0)
    apart = np.abs(strays.offset_s[[before, after]] - offset_s)
    nearest = np.where(apart[0] <= apart[1], before, after)
    return np.asarray((strays.stray[nearest] < PICTURE_STILL) & (apart.min(axis=0) <= WINDOW_S / 2 + STEP_S))


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
