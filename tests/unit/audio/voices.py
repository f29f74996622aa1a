"""Made voices: unit embeddings that scatter around one direction a voice, as those without their channel do."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from servicekit.wire import Span
from services.audio.settings import Settings
from services.audio.voices.clusters import Embeddings, Features
from services.audio.voices.windows import Window, windows

SETTINGS = Settings()
SCATTER = 0.02


def answers(
    *spoken: tuple[int, float], gap_s: float = 1.0, scatter: float = SCATTER, likeness: float = 0.1
) -> tuple[Features, list[Window]]:
    """Features and windows of (voice, seconds) stretches of speech with pauses between; nobody has a pitch."""
    spans, at = [], 0.0
    for _, length_s in spoken:
        spans.append(Span(at, at + length_s))
        at += length_s + gap_s
    parts = windows(spans, SETTINGS)
    random = np.random.default_rng(7)
    found = np.array([voice(spoken[part.region][0], likeness) for part in parts]) + random.normal(
        0, scatter, (len(parts), 256)
    )
    return features(found / np.linalg.norm(found, axis=1, keepdims=True), [part.weight_s for part in parts]), parts


def features(embeddings: ArrayLike, weights: ArrayLike, pitches: ArrayLike | None = None) -> Features:
    """Of windows without a pitch, or with pitches in semitones."""
    rows, seconds = np.asarray(embeddings, np.float32), np.asarray(weights, np.float64)
    return Features(
        rows, rows, seconds, np.full(len(rows), np.nan) if pitches is None else np.asarray(pitches, np.float64)
    )


def voice(number: int, likeness: float = 0.1) -> Embeddings:
    """A unit direction; two different numbers have the cosine `likeness`."""
    direction = np.zeros(256, np.float32)
    direction[0], direction[number + 1] = likeness**0.5, (1 - likeness) ** 0.5
    return direction
