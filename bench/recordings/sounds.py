"""Parts of recordings' sound, and recordings of sound alone."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from bench.speech.conditions import Sound
from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound


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
