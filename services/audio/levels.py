"""Sound levels, and pydub's view of silence."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.audio.model import Levels

with warnings.catch_warnings():
    # pydub warns that there is no ffmpeg program: it gets decoded samples here and needs none.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_nonsilent

FULL_SCALE = 0.999
# pydub's own defaults for speech: silences of half a second, looked for in steps of 10 ms.
MIN_SILENCE_MS = 500
SEEK_STEP_MS = 10


def levels(sound: NDArray[np.float32], speech: Sequence[Span], silence_below_dbfs: float) -> Levels:
    """Levels of float32 samples in -1 to 1 at 16 kHz. The noise level is that of everything outside `speech`."""
    mask = np.zeros(sound.size, bool)
    for span in speech:
        mask[int(span.start_s * SAMPLE_RATE_HZ) : int(span.end_s * SAMPLE_RATE_HZ)] = True
    speech_db, noise_db = _dbfs(sound[mask]), _dbfs(sound[~mask])
    snr = speech_db - noise_db if speech_db is not None and noise_db is not None else None
    clipping = float(np.mean(np.abs(sound) >= FULL_SCALE)) if sound.size else 0.0
    return Levels(speech_db, snr, clipping, nonsilent_s(sound, silence_below_dbfs))


def nonsilent_s(sound: NDArray[np.float32], silence_below_dbfs: float) -> float:
    """Seconds above a threshold that lies `silence_below_dbfs` dB from the level of the whole, found by pydub."""
    pcm = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    segment = AudioSegment(pcm, sample_width=2, frame_rate=SAMPLE_RATE_HZ, channels=1)
    if segment.dBFS == float("-inf"):
        return 0.0
    found = detect_nonsilent(segment, MIN_SILENCE_MS, segment.dBFS + silence_below_dbfs, SEEK_STEP_MS)
    return float(sum(end - start for start, end in found)) / 1000


def _dbfs(samples: NDArray[np.float32]) -> float | None:
    """RMS level; None for silence and for under 0.1 s."""
    if samples.size < SAMPLE_RATE_HZ // 10:
        return None
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    return 20 * float(np.log10(rms)) if rms > 0 else None
