"""Whether the same voice, or face, is in every answer of a session. All functions are pure.

Answers whose embeddings are alike belong together, directly or through others; the group with most evidence is taken
for the candidate, and what is outside of it differs. Nobody is identified: recordings of one session are compared with
each other and with nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log2

import numpy as np

VOICE_LIMIT, FEWEST_SPEAKING_S = 0.72, 8.0
"""Cosine of voice embeddings under which two answers have different voices, and how much speech each needs."""

APART_LIMIT, APART_SEMITONES = 0.85, 3.0
"""The limit for two answers whose median pitches are so far apart.

Measured on ten voices in 20 s recordings, cosine at least and pitch at most: the same voice on one microphone 0.94 and
1.5 semitones, in noise 0.84 and 1.1, by telephone against microphone 0.69 and 2.3. Of 196 pairs of different voices on
one microphone 135 are found by the cosine alone and 154 with the pitch, none of the same voice by either.
"""

FACE_LIMIT = 0.60
"""Distance of face descriptors from which two answers show different people; dlib's own limit. Seen here: 0.04 to 0.45
for one person, 0.72 to 0.90 for two."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An embedding or descriptor, how much it was made from (seconds of speech or looks at a face), and of a voice its
    median pitch in Hz.
    """

    vector: tuple[float, ...]
    amount: float
    pitch_hz: float | None = None


@dataclass(frozen=True, slots=True)
class VoiceDifference:
    """Of two voices: cosine of their embeddings, semitones between their pitches or None, and the limit they miss."""

    likeness: float
    semitones: float | None = None

    @property
    def limit(self) -> float:
        """The least likeness of one voice."""
        apart = self.semitones is not None and self.semitones >= APART_SEMITONES
        return APART_LIMIT if apart else VOICE_LIMIT

    @property
    def missing(self) -> float:
        """How far the likeness is under the limit; above 0 for different voices."""
        return self.limit - self.likeness


def unlike_voices(samples: Mapping[int, Sample]) -> dict[int, VoiceDifference]:
    """Answers whose voice differs from the others', by index, with the difference to the closest of them."""
    enough = {index: s for index, s in samples.items() if s.amount >= FEWEST_SPEAKING_S}
    found = outsiders(enough, lambda a, b: voice_difference(a, b).missing)
    return {index: voice_difference(enough[index], enough[other]) for index, other in found.items()}


def unlike_faces(samples: Mapping[int, Sample]) -> dict[int, float]:
    """Answers whose face differs from the others', by index, with the distance to the closest of them."""
    found = outsiders(samples, lambda a, b: _distance(a, b) - FACE_LIMIT)
    return {index: _distance(samples[index], samples[other]) for index, other in found.items()}


def voice_difference(a: Sample, b: Sample) -> VoiceDifference:
    """Between two voices."""
    likeness = float(np.dot(a.vector, b.vector))
    if a.pitch_hz is None or b.pitch_hz is None:
        return VoiceDifference(likeness)
    return VoiceDifference(likeness, abs(12 * log2(a.pitch_hz / b.pitch_hz)))


def outsiders(samples: Mapping[int, Sample], gap: Callable[[Sample, Sample], float]) -> dict[int, int]:
    """Answers outside the main group, by index, with the closest answer in it; a `gap` up to 0 joins two answers.

    Of two groups with as much evidence the earlier is main.
    """
    groups = _groups(dict(sorted(samples.items())), gap)
    if len(groups) < 2:
        return {}
    main = max(groups, key=lambda group: sum(samples[index].amount for index in group))
    others = [index for group in groups if group is not main for index in group]
    return {index: min(main, key=lambda i: gap(samples[index], samples[i])) for index in others}


def _distance(a: Sample, b: Sample) -> float:
    return float(np.linalg.norm(np.subtract(a.vector, b.vector)))


def _groups(samples: Mapping[int, Sample], gap: Callable[[Sample, Sample], float]) -> list[list[int]]:
    """Connected groups of indices in order."""
    groups: list[list[int]] = []
    for index, sample in samples.items():
        alike = [g for g in groups if any(gap(samples[other], sample) <= 0 for other in g)]
        merged = sorted([*(member for group in alike for member in group), index])
        groups = [g for g in groups if g not in alike]
        groups.append(merged)
    return sorted(groups)
