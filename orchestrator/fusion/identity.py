"""Whether the same voice, or face, is in every answer of a session. All functions are pure.

Answers whose embeddings are alike belong together, directly or through others; the group with most evidence is taken
for the candidate, and what is outside of it differs. Nobody is identified: recordings of one session are compared with
each other and with nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VOICE_LIMIT, FEWEST_SPEAKING_S = 0.72, 8.0
"""Cosine of voice embeddings under which two answers have different voices, and how much speech each needs.

Of eleven voices in 20 s recordings with the same microphone the same voice had at least 0.92; different voices were
under the limit in 62 of 100 pairs. The same voice by telephone and by microphone was under it in 1 of 10 pairs.
"""


FACE_LIMIT = 0.60
"""Distance of face descriptors from which two answers show different people; dlib's own limit. Seen here: 0.04 to 0.45
for one person, 0.72 to 0.90 for two."""

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """An embedding or descriptor, and how much it was made from: seconds of speech or looks at a face."""

    vector: tuple[float, ...]
    amount: float


def unlike_voices(samples: Mapping[int, Sample]) -> dict[int, float]:
    """Answers whose voice differs from the others', by index, with the cosine to the closest of them, -1 to 1."""
    enough = {index: s for index, s in samples.items() if s.amount >= FEWEST_SPEAKING_S}
    return outsiders(enough, lambda a, b: float(a @ b), VOICE_LIMIT)


def unlike_faces(samples: Mapping[int, Sample]) -> dict[int, float]:
    """Answers whose face differs from the others', by index, with the distance to the closest of them."""
    found = outsiders(samples, lambda a, b: -float(np.linalg.norm(a - b)), -FACE_LIMIT)
    return {index: -likeness for index, likeness in found.items()}


def outsiders(
    samples: Mapping[int, Sample], likeness: Callable[[Vector, Vector], float], limit: float
) -> dict[int, float]:
    """Answers outside the main group, by index, with the likeness to the closest answer in it.

    Of two groups with as much evidence the earlier is main.
    """
    vectors = {index: np.asarray(s.vector, np.float64) for index, s in sorted(samples.items())}
    groups = _groups(vectors, likeness, limit)
    if len(groups) < 2:
        return {}
    main = max(groups, key=lambda group: sum(samples[index].amount for index in group))
    others = [index for group in groups if group is not main for index in group]
    return {index: max(likeness(vectors[index], vectors[i]) for i in main) for index in others}


def _groups(
    vectors: Mapping[int, Vector], likeness: Callable[[Vector, Vector], float], limit: float
) -> list[list[int]]:
    """Connected groups of indices in order, an edge where the likeness reaches the limit."""
    groups: list[list[int]] = []
    for index, vector in vectors.items():
        alike = [g for g in groups if any(likeness(vectors[other], vector) >= limit for other in g)]
        merged = sorted([*(member for group in alike for member in group), index])
        groups = [g for g in groups if g not in alike]
        groups.append(merged)
    return sorted(groups)
