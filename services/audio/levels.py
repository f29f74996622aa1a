"""Sound levels, and pydub's view of silence."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.audio.loudness import integrated_lufs
from services.audio.model import Levels
from services.audio.speech import pauses

with warnings.catch_warnings():
    # pydub warns that there is no ffmpeg program: it gets decoded samples here and needs none.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_nonsilent

# The 95th percentile of the level of 30 ms frames is brought here, by at most this much.
TARGET_LEVEL_DBFS = -20.0
MOST_GAIN_DB = 40.0
LEVEL_FRAME = SAMPLE_RATE_HZ * 30 // 1000
SILENT_PEAK = 1e-4
FULL_SCALE = 0.999
# Noise is measured in pauses of half a second or more, without their edges: the tail of a word and a breath.
NOISE_PAUSE_S, EDGE_S = 0.5, 0.1
COURSE_STEP_S, COURSE_FLOOR_DBFS = 0.05, -100
# Silences of half a second, looked for in steps of 20 ms: pydub needs about 3 s for an hour of sound that way.
MIN_SILENCE_MS = 500
BLOCK = 60 * SAMPLE_RATE_HZ
SEEK_STEP_MS = 20


def levelled(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound, brought in its place to the level that the networks expect; silence stays silence."""
    frames = sound[: sound.size // LEVEL_FRAME * LEVEL_FRAME].reshape(-1, LEVEL_FRAME)
    if not frames.size or peak(sound) < SILENT_PEAK:
        return sound
    rms = np.sqrt(np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / LEVEL_FRAME)
    loud_dbfs = 20 * np.log10(max(float(np.percentile(rms, 95)), 1e-6))
    gain_db = min(TARGET_LEVEL_DBFS - loud_dbfs, MOST_GAIN_DB)
    sound *= np.float32(10 ** (gain_db / 20))
    return np.clip(sound, -1, 1, out=sound)


def peak(sound: NDArray[np.float32]) -> float:
    """The largest distance from zero, 0 for no sound."""
    return max(float(sound.max(initial=0.0)), -float(sound.min(initial=0.0)))


def levels(sound: NDArray[np.float32], speech: Sequence[Span], silence_below_dbfs: float) -> Levels:
    """Levels of float32 samples in -1 to 1 at 16 kHz; the noise level is that of the pauses between `speech`."""
    quiet = [Span(p.start_s + EDGE_S, p.end_s - EDGE_S) for p in pauses(speech, NOISE_PAUSE_S)]
    speech_dbfs, noise_dbfs = _dbfs(_cut(sound, speech)), _dbfs(_cut(sound, quiet))
    return Levels(
        speech_dbfs=speech_dbfs,
        integrated_lufs=integrated_lufs(sound),
        snr_db=speech_dbfs - noise_dbfs if speech_dbfs is not None and noise_dbfs is not None else None,
        clipping_ratio=_clipped(sound) / sound.size if sound.size else 0.0,
        nonsilent_s=nonsilent_s(sound, silence_below_dbfs),
        course_dbfs=course(sound),
    )


def course(sound: NDArray[np.float32]) -> tuple[int, ...]:
    """RMS level of each COURSE_STEP_S in whole dB relative to full scale, shape (seconds / COURSE_STEP_S,)."""
    step = round(COURSE_STEP_S * SAMPLE_RATE_HZ)
    frames = sound[: sound.size // step * step].reshape(-1, step)
    power = np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / step
    dbfs = 10 * np.log10(np.maximum(power, 10 ** (COURSE_FLOOR_DBFS / 10)))
    return tuple(np.rint(dbfs).astype(int).tolist())


def nonsilent_s(sound: NDArray[np.float32], silence_below_dbfs: float) -> float:
    """Seconds above a threshold that lies `silence_below_dbfs` dB from the level of the whole, found by pydub."""
    blocks = (sound[start : start + BLOCK] for start in range(0, sound.size, BLOCK))
    pcm = b"".join((np.clip(block, -1, 1) * 32767).astype("<i2").tobytes() for block in blocks)
    segment = AudioSegment(pcm, sample_width=2, frame_rate=SAMPLE_RATE_HZ, channels=1)
    if segment.dBFS == float("-inf"):
        return 0.0
    found = detect_nonsilent(segment, MIN_SILENCE_MS, segment.dBFS + silence_below_dbfs, SEEK_STEP_MS)
    return float(sum(end - start for start, end in found)) / 1000


def _clipped(sound: NDArray[np.float32]) -> int:
    """How many samples are at full scale."""
    return int(np.count_nonzero(sound >= FULL_SCALE) + np.count_nonzero(sound <= -FULL_SCALE))


def _cut(sound: NDArray[np.float32], spans: Sequence[Span]) -> NDArray[np.float32]:
    """The samples inside the spans, one after the other."""
    pieces = [sound[int(s.start_s * SAMPLE_RATE_HZ) : int(s.end_s * SAMPLE_RATE_HZ)] for s in spans]
    return np.concatenate(pieces) if pieces else sound[:0]


def _dbfs(samples: NDArray[np.float32]) -> float | None:
    """RMS level; None for silence and for under 0.1 s."""
    if samples.size < SAMPLE_RATE_HZ // 10:
        return None
    power = float(np.einsum("i,i->", samples, samples, dtype=np.float64)) / samples.size
    return 10 * float(np.log10(power)) if power > 0 else None
