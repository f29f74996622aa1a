"""Sound as microphones and rooms change it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound

Sound = NDArray[np.float32]
TELEPHONE_HZ = (300.0, 3400.0)


def telephone(sound: Sound) -> Sound:
    """What a telephone line leaves of it."""
    band = butter(4, TELEPHONE_HZ, "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    return np.asarray(sosfilt(band, sound), np.float32)


def muffled(sound: Sound) -> Sound:
    """A head that has turned away from the microphone: half as loud, without its heights."""
    low = butter(2, 2000.0, "lowpass", fs=SAMPLE_RATE_HZ, output="sos")
    return np.asarray(0.5 * sosfilt(low, sound), np.float32)


def echoing(sound: Sound, seconds: float = 0.5) -> Sound:
    """A room whose echo falls by 60 dB in so many seconds."""
    time_s = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = np.random.default_rng(1).standard_normal(len(time_s)) * 10 ** (-3 * time_s / seconds) * 0.05
    tail[0] = 1.0
    wet = fftconvolve(sound, tail)[: len(sound)]
    return np.asarray(wet / np.abs(wet).max() * np.abs(sound).max(), np.float32)


def between(source: Path, start_s: float, end_s: float | None = None) -> Sound:
    """A part of a recording's sound."""
    end = None if end_s is None else round(end_s * SAMPLE_RATE_HZ)
    return decode_sound(source)[round(start_s * SAMPLE_RATE_HZ) : end]


def written(target: Path, *parts: Sound) -> Path:
    """These parts one after the other, without loss."""
    samples = np.concatenate(parts)
    with av.open(str(target), "w") as output:
        stream = output.add_stream("flac", rate=SAMPLE_RATE_HZ, layout="mono", format="s16")
        whole = (samples.clip(-1, 1) * 32767).astype(np.int16)
        for start in range(0, len(whole), 4096):
            frame = av.AudioFrame.from_ndarray(whole[None, start : start + 4096], "s16", "mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, start
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return target
