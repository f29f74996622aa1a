"""Which of several sound tracks somebody speaks in: screen recorders write the computer's own sound first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FRAME_S, LONGEST_S = 0.01, 180.0
FLOOR_DB = -60.0
"""Under this level relative to full scale nothing can be heard."""
SYLLABLES_HZ = (2.0, 8.0)
"""How often speech swells and fades: the peak of its modulation spectrum is at about 4 Hz (Houtgast and Steeneken
1985). Hum and noise hardly do, music less and more slowly."""
CLEARLY = 2.0
"""A later track is taken when it is so many times as speech-like as the first."""


def speech_likeness(blocks: Iterable[NDArray[np.int16]], rate_hz: int) -> float:
    """How strongly the level of mono sound swells and fades as in speech, dB squared; 0 for silence and hum.

    The first `LONGEST_S` seconds are heard.
    """
    level_db = _levels_db(blocks, rate_hz)
    if len(level_db) < 1 / FRAME_S or level_db.max() <= FLOOR_DB:
        return 0.0
    power = np.abs(np.fft.rfft(level_db - level_db.mean())) ** 2 / len(level_db) ** 2 * 2
    frequency_hz = np.fft.rfftfreq(len(level_db), FRAME_S)
    return float(power[(frequency_hz >= SYLLABLES_HZ[0]) & (frequency_hz <= SYLLABLES_HZ[1])].sum())


def most_spoken(likeness: Sequence[float]) -> int:
    """The index of the track to hear; the first unless another is clearly more like speech."""
    best = int(np.argmax(likeness))
    return best if likeness[best] > CLEARLY * likeness[0] else 0


def _levels_db(blocks: Iterable[NDArray[np.int16]], rate_hz: int) -> NDArray[np.float64]:
    size, heard, levels = round(FRAME_S * rate_hz), 0, [np.zeros(0)]
    rest = np.zeros(0, np.int16)
    for block in blocks:
        heard += block.size
        rest = np.concatenate([rest, block])
        frames = rest[: rest.size // size * size].reshape(-1, size).astype(np.float64) / 32768
        rest = rest[frames.size :]
        levels.append(10 * np.log10((frames**2).mean(axis=1) + 10 ** (FLOOR_DB / 10)))
        if heard >= LONGEST_S * rate_hz:
            break
    return np.concatenate(levels)
