"""Which frames are landmarked: a steady few a second."""

from __future__ import annotations


class Schedule:
    """Decides frame by frame; deterministic, it only depends on the frames' times."""

    def __init__(self, interval_s: float) -> None:
        """One frame each `interval_s` seconds."""
        self._interval_s = interval_s
        self._due_s = 0.0

    def due(self, offset_s: float) -> bool:
        """Whether it is time for a frame at `offset_s`; what is missed in a pause is not made up for."""
        if offset_s < self._due_s:
            return False
        self._due_s += self._interval_s * max(1, int((offset_s - self._due_s) / self._interval_s) + 1)
        return True
