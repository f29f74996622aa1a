"""From an answer's content and sound to the pose of every frame."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scripts.make_sample.content import Content, Look
from scripts.make_sample.portrait import Pose
from scripts.make_sample.voices import RATE_HZ

TURN_S = 0.35
"""How long the head takes to turn or to come back."""
EYES_ALONG = 0.2
"""How far the eyes go along with the head, in eye widths."""


def poses(content: Content, sound: NDArray[np.float32], times_s: Sequence[float]) -> list[Pose]:
    """One pose a frame time."""
    loudness = _loudness(sound, times_s)
    direction = -1 if content.mirrored else 1
    return [
        Pose(
            closed=max((_blink(t, start, length) for start, length in content.blinks), default=0.0),
            mouth=float(loud),
            turn_deg=direction * sum(_look(t, look) for look in content.looks),
            gaze=direction * max((_look(t, look) / look.degrees for look in content.looks), default=0.0) * EYES_ALONG,
            sway=(3.0 * math.sin(0.7 * t) + 1.2 * math.sin(2.3 * t), 2.0 * math.sin(1.1 * t + 1)),
            tilt_deg=1.2 * math.sin(0.5 * t) + 0.4 * math.sin(1.9 * t),
        )
        for t, loud in zip(times_s, loudness, strict=True)
    ]


def _blink(time_s: float, start_s: float, length_s: float) -> float:
    """Lids: down in the first 35 %, shut for 30 %, up again."""
    share = (time_s - start_s) / length_s
    if not 0 <= share <= 1:
        return 0.0
    return min(1.0, share / 0.35, (1 - share) / 0.35)


def _look(time_s: float, look: Look) -> float:
    """The turn of the head, eased in and out."""
    share = min(1.0, max(0.0, min(time_s - look.start_s, look.end_s - time_s) / TURN_S))
    return look.degrees * share * share * (3 - 2 * share)


def _loudness(sound: NDArray[np.float32], times_s: Sequence[float]) -> NDArray[np.float64]:
    """RMS of 60 ms around each time over its 95th percentile, 0 to 1."""
    half = int(0.03 * RATE_HZ)
    levels = []
    for time_s in times_s:
        centre = int(time_s * RATE_HZ)
        piece = sound[max(0, centre - half) : centre + half]
        levels.append(float(np.sqrt(np.mean(np.square(piece)))) if piece.size else 0.0)
    return np.clip(np.array(levels) / np.percentile(levels, 95), 0, 1)
