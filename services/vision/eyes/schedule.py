"""Which frames are landmarked: a steady few a second, and every frame while the eyes close."""

from __future__ import annotations

from collections import deque

import numpy as np

CLOSING_SHARE = 0.85
"""Eyes under this share of their usual opening are closing; measured on clips with known blinks."""
DENSE_INTERVAL_S = 1 / 30
"""Blinks of 100 ms need no more than 30 frames a second."""
DENSE_MAX_S = 0.8
"""Longer than the longest blink: eyes that stay low are a look down, not worth every frame."""
MEMORY_S, MEMORY_MIN = 8.0, 5
USUAL_PERCENTILE = 70.0


class Schedule:
    """Decides frame by frame; deterministic, it only depends on the frames' times and the eyes seen."""

    def __init__(self, interval_s: float) -> None:
        """Landmark a frame each `interval_s` seconds unless the eyes close."""
        self._interval_s = interval_s
        self._due_s = 0.0
        self._looked_s = -np.inf
        self._closing_since_s: float | None = None
        self._openings: deque[tuple[float, float]] = deque()

    def due(self, offset_s: float) -> bool:
        """Whether this frame is to be landmarked."""
        if offset_s >= self._due_s:
            self._due_s += self._interval_s * max(1, int((offset_s - self._due_s) / self._interval_s) + 1)
            return True
        return self.closing and offset_s - self._looked_s > 0.8 * DENSE_INTERVAL_S

    @property
    def closing(self) -> bool:
        """Whether the eyes are closing or closed, for less than `DENSE_MAX_S`."""
        since = self._closing_since_s
        return since is not None and self._looked_s - since < DENSE_MAX_S

    def saw(self, offset_s: float, eye_aspect_ratio: float) -> bool:
        """Take in what a frame showed (NaN without a face); True when eyes just began to close."""
        self._looked_s = offset_s
        usual = self._usual()
        if not np.isnan(eye_aspect_ratio):
            self._openings.append((offset_s, eye_aspect_ratio))
        while self._openings and self._openings[0][0] < offset_s - MEMORY_S:
            self._openings.popleft()
        low = usual is not None and eye_aspect_ratio < CLOSING_SHARE * usual
        began = low and self._closing_since_s is None
        self._closing_since_s = (offset_s if began else self._closing_since_s) if low else None
        return began

    def _usual(self) -> float | None:
        if len(self._openings) < MEMORY_MIN:
            return None
        return float(np.percentile([opening for _, opening in self._openings], USUAL_PERCENTILE))
