"""When the face is described: seldom while it is as it was, soon again when it is not. A description takes 0.1 s."""

from __future__ import annotations

from collections import deque

import numpy as np

from services.vision.faces.identities import CHANGED, RECALLED
from services.vision.model import Floats

LIKE, UNLIKE = 2.0, 0.5
"""Times the interval until the next description after a face like one of the latest, and after one like none."""


class Describing:
    """Follows the descriptors of one video, shape (128,) each."""

    def __init__(self, interval_s: float) -> None:
        """The first two are `interval_s` seconds apart."""
        self._interval_s = interval_s
        self._due_s = 0.0
        self._latest: deque[Floats] = deque(maxlen=RECALLED)

    def due(self, offset_s: float) -> bool:
        """Whether it is time for a description."""
        return offset_s >= self._due_s

    def saw(self, offset_s: float, descriptor: Floats) -> None:
        """Take in a description."""
        apart = [float(np.linalg.norm(descriptor - earlier)) for earlier in self._latest]
        pace = 1.0 if not apart else LIKE if min(apart) <= CHANGED else UNLIKE
        self._due_s = offset_s + pace * self._interval_s
        self._latest.append(descriptor)
