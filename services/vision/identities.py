"""Whether one person is in the picture all the time, from face descriptors. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from servicekit.wire import Span
from services.vision.model import Event, EventKind, Floats

DIFFERENT = 0.60
"""Distance of two descriptors from which two people are in them; dlib's own limit. Seen here: 0.04 to 0.45 for one
person, 0.72 to 0.90 for two."""
MORE_THAN_WITHIN = 0.15
"""By how much two sides of a change must differ more than each does within itself: light changes as well."""
FEWEST_A_SIDE = 2
MOST_COMPARED = 240
"""Of more looks, every second, third and so on is compared: time grows with their cube, memory with their square."""
DESCRIPTOR = 128
"""Numbers of a descriptor."""


@dataclass(frozen=True, slots=True)
class Identities:
    """Descriptors of the main face: times of shape (n,), seconds, and shape (n, 128)."""

    offset_s: Floats
    descriptors: Floats

    @property
    def typical(self) -> Floats | None:
        """The descriptor in the middle of all, shape (128,); None without any."""
        if not len(self.descriptors):
            return None
        compared = self.descriptors[:: self._step]
        return np.asarray(compared[int(_distances(compared).sum(axis=0).argmin())])

    def change(self) -> tuple[int, float] | None:
        """The first descriptor of another person and how far the two are apart; None for one person."""
        distances = _distances(self.descriptors[:: self._step])
        best: tuple[int, float] | None = None
        for first in range(FEWEST_A_SIDE, len(distances) - FEWEST_A_SIDE + 1):
            between = float(np.median(distances[:first, first:]))
            within = max(_spread(distances[:first, :first]), _spread(distances[first:, first:]))
            if between > DIFFERENT and between > within + MORE_THAN_WITHIN and (best is None or between > best[1]):
                best = first, between
        return None if best is None else (best[0] * self._step, best[1])

    @property
    def _step(self) -> int:
        return max(1, -(-len(self.descriptors) // MOST_COMPARED))


def change_events(identities: Identities, end_s: float) -> Iterator[Event]:
    """From where on another person is in the picture."""
    found = identities.change()
    if found is None:
        return
    first, distance = found
    start_s = float(identities.offset_s[first - 1 : first + 1].mean())
    confidence = min(1.0, 0.5 + (distance - DIFFERENT) / 0.4)
    yield Event(EventKind.PERSON_CHANGED, Span(start_s, end_s), float(identities.offset_s[first]), distance, confidence)


def _distances(descriptors: Floats) -> Floats:
    return np.asarray(np.linalg.norm(descriptors[:, None] - descriptors[None], axis=2))


def _spread(distances: Floats) -> float:
    """Median distance within a side."""
    upper = distances[np.triu_indices(len(distances), 1)]
    return float(np.median(upper)) if upper.size else 0.0
