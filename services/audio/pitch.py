"""Pitch of voice windows: what tells two voices apart when their embeddings are close."""

from __future__ import annotations

from collections.abc import Sequence

import librosa
import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from services.audio.windows import Window

# Fundamental frequencies of adult voices; what YIN puts at its limits has no pitch.
LOWEST_HZ, HIGHEST_HZ = 65.0, 400.0
EDGE_HZ = 5.0
FRAME, HOP = 1024, 320
SEMITONES = 12


def window_pitches(sound: NDArray[np.float32], windows: Sequence[Window]) -> NDArray[np.float64]:
    """Median pitch of each window in semitones over 1 Hz, by YIN (de Cheveigné and Kawahara 2002); shape (windows,).

    NaN without a pitch. `windows` are neighbours in time: what lies between the first and the last is read.
    """
    first, last = (int(s * SAMPLE_RATE_HZ) for s in (windows[0].span.start_s, windows[-1].span.end_s))
    heard = np.pad(sound[first:last], (0, FRAME))
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
