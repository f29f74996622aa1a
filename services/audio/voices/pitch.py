"""Pitch of voice windows: what tells two voices apart when their embeddings are close."""

from __future__ import annotations

from collections.abc import Sequence

import librosa
import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from services.audio.voices.windows import Window, stretches

# Fundamental frequencies of adult voices; what YIN puts at its limits has no pitch.
LOWEST_HZ, HIGHEST_HZ = 65.0, 400.0
EDGE_HZ = 5.0
FRAME, HOP = 1024, 320
SEMITONES = 12
LEAD = 4 * HOP
"""Samples before a stretch that its first frames reach into: more than a frame, and a whole number of steps."""


def window_pitches(sound: NDArray[np.float32], windows: Sequence[Window]) -> NDArray[np.float64]:
    """Median pitch of each window in semitones over 1 Hz, by YIN (de Cheveigné and Kawahara 2002); shape (windows,).

    NaN without a pitch. `windows` are in order of time; long pauses between them are not read.
    """
    first, last = (int(s * SAMPLE_RATE_HZ) for s in (windows[0].span.start_s, windows[-1].span.end_s))
    return np.concatenate([_stretch(sound[:last], part, first) for part in stretches(windows)])


def _stretch(sound: NDArray[np.float32], windows: Sequence[Window], origin: int) -> NDArray[np.float64]:
    """The pitches of windows that are close together, in steps that are counted from the sample `origin` on."""
    start, end = (int(s * SAMPLE_RATE_HZ) for s in (windows[0].span.start_s, windows[-1].span.end_s))
    first = max(origin, start - (start - origin) % HOP - LEAD)
    heard = sound[first : end + FRAME]
    heard = np.pad(heard, (0, end + FRAME - first - heard.size))
    found = librosa.yin(heard, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, sr=SAMPLE_RATE_HZ, frame_length=FRAME, hop_length=HOP)
    sure = (found > LOWEST_HZ + EDGE_HZ) & (found < HIGHEST_HZ - EDGE_HZ)
    pitch = SEMITONES * np.log2(np.where(sure, found, np.nan))
    return np.array([_median(pitch, window, first) for window in windows])


def hertz(semitones: float) -> float | None:
    """A pitch in semitones over 1 Hz as Hz; None for NaN."""
    return None if np.isnan(semitones) else float(2 ** (semitones / SEMITONES))


def _median(pitch: NDArray[np.float64], window: Window, first: int) -> float:
    start, end = (max(0, int(s * SAMPLE_RATE_HZ) - first) // HOP for s in (window.span.start_s, window.span.end_s))
    heard = pitch[start : end + 1]
    return float(np.nanmedian(heard)) if np.isfinite(heard).any() else float("nan")
