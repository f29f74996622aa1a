"""Whether one person is in the picture all the time, from face descriptors. Pure."""

from __future__ import annotations

import numpy as np

from servicekit.wire import Span
from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.series import Identities, Series
from services.vision.settings import Limits

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


def typical(identities: Identities) -> Floats | None:
    """The descriptor in the middle of all, shape (128,); None without any."""
    if not len(identities.descriptors):
        return None
    compared = identities.descriptors[:: _step(identities)]
    return np.asarray(compared[int(_distances(compared).sum(axis=0).argmin())])


def change_events(series: Series, _limits: Limits) -> list[VisionEvent]:
    """From where on another person is in the picture."""
    identities = series.identities
    found = _change(identities)
    if found is None:
        return []
    first, distance = found
    when = Span(float(identities.offset_s[first - 1 : first + 1].mean()), series.video.duration_s)
    confidence = min(1.0, 0.5 + (distance - DIFFERENT) / 0.4)
    return [VisionEvent(EventKind.PERSON_CHANGED, when, float(identities.offset_s[first]), distance, confidence)]


def _change(identities: Identities) -> tuple[int, float] | None:
    """The first descriptor of another person and how far the two are apart; None for one person."""
    step = _step(identities)
    distances = _distances(identities.descriptors[::step])
    best: tuple[int, float] | None = None
    for first in range(FEWEST_A_SIDE, len(distances) - FEWEST_A_SIDE + 1):
        between = float(np.median(distances[:first, first:]))
        within = max(_spread(distances[:first, :first]), _spread(distances[first:, first:]))
        if between > DIFFERENT and between > within + MORE_THAN_WITHIN and (best is None or between > best[1]):
            best = first, between
    return None if best is None else (best[0] * step, best[1])


def _step(identities: Identities) -> int:
    return max(1, -(-len(identities.descriptors) // MOST_COMPARED))


def _distances(descriptors: Floats) -> Floats:
    return np.asarray(np.linalg.norm(descriptors[:, None] - descriptors[None], axis=2))


def _spread(distances: Floats) -> float:
    """Median distance within a side."""
    upper = distances[np.triu_indices(len(distances), 1)]
    return float(np.median(upper)) if upper.size else 0.0
