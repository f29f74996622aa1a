"""The peer methods: fixed thresholds on every frame, as the prototype had them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.vision.watching import landmarked
from servicekit.wire import Span

ASSUMED_RATE_HZ = 30.0
CLOSED_RATIO, CLOSED_FRAMES = 0.21, 2
"""The usual fixed threshold on the eye aspect ratio, and the least number of frames under it."""
EYES = ((33, 160, 158, 133, 153, 144), (362, 385, 387, 263, 373, 380))


def blinks(path: Path, landmarker: Path) -> tuple[list[Span], float]:
    """Blinks by a fixed threshold, and blinks a minute with the frame rate taken for 30."""
    times_s, closed = [], []
    for time_s, points in landmarked(path, landmarker):
        times_s.append(time_s)
        closed.append(points is not None and float(np.mean([_ratio(points, eye) for eye in EYES])) < CLOSED_RATIO)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], np.array(closed, np.int8), [0]))))
    runs = [(first, end) for first, end in edges.reshape(-1, 2) if end - first >= CLOSED_FRAMES]
    spans = [Span(times_s[first], times_s[end - 1]) for first, end in runs]
    return spans, 60 * len(spans) / (len(times_s) / ASSUMED_RATE_HZ)


def _ratio(points: NDArray[np.float64], eye: tuple[int, ...]) -> float:
    outer, upper_a, upper_b, inner, lower_b, lower_a = (points[number] for number in eye)
    heights = np.linalg.norm(upper_a - lower_a) + np.linalg.norm(upper_b - lower_b)
    return float(heights / (2 * np.linalg.norm(outer - inner)))
