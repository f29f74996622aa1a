"""Whether the same voice, or face, is in every answer of a session. All functions are pure.

Answers whose embeddings are alike belong together, directly or through others; the group with most evidence is taken
for the candidate, and what is outside of it differs. Nobody is identified: recordings of one session are compared with
each other and with nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VOICE_LIMIT, FEWEST_SPEAKING_S = 0.72, 8.0
"""Cosine of voice embeddings under which two answers have different voices, and how much speech each needs.

Of eleven voices in 20 s recordings with the same microphone the same voice had at least 0.92; different voices were
under the limit in 62 of 100 pairs. The same voice by telephone and by microphone was under it in 1 of 10 pairs.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """An embedding of unit length and the seconds it was made from."""

    embedding: tuple[float, ...]
    seconds: float


def outsiders(samples: Mapping[int, Sample], limit: float, fewest_s: float) -> dict[int, float]:
    """Answers that differ from the others, by index, with their cosine to the mean of the main group, -1 to 1.

    Answers with under `fewest_s` seconds are not compared. Of two groups with as much evidence the earlier is main.
    """
    known = {index: s for index, s in sorted(samples.items()) if s.seconds >= fewest_s}
    if len(known) < 2:
        return {}
    vectors = {index: np.asarray(s.embedding, np.float64) for index, s in known.items()}
    groups = _groups(vectors, limit)
    main = max(groups, key=lambda group: sum(known[index].seconds for index in group))
    mean = np.sum([known[index].seconds * vectors[index] for index in main], axis=0)
    mean /= np.linalg.norm(mean)
    return {index: float(vectors[index] @ mean) for group in groups if group is not main for index in group}


def _groups(vectors: Mapping[int, NDArray[np.float64]], limit: float) -> list[list[int]]:
    """Connected groups of indices in order, an edge where the cosine reaches the limit."""
    groups: list[list[int]] = []
    for index, vector in vectors.items():
        alike = [g for g in groups if any(float(vectors[other] @ vector) >= limit for other in g)]
        merged = sorted([*(member for group in alike for member in group), index])
        groups = [g for g in groups if g not in alike]
        groups.append(merged)
    return sorted(groups)
