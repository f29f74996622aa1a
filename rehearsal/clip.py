"""A small recording to send through the system: a moving picture and a tone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SIZE_PX = (160, 120)
FRAME_RATE_HZ = 10
SOUND_RATE_HZ = 48_000
TONE_HZ = 440.0


def write_clip(path: Path, duration_s: float) -> Path:
    """Write an MP4 of this length."""
    with av.open(str(path), "w") as output:
        picture = output.add_stream("libx264", rate=FRAME_RATE_HZ, width=SIZE_PX[0], height=SIZE_PX[1])
        sound = output.add_stream("aac", rate=SOUND_RATE_HZ, layout="mono")
        for number in range(round(duration_s * FRAME_RATE_HZ)):
            output.mux(picture.encode(_frame(number)))
        output.mux(picture.encode(None))
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=SOUND_RATE_HZ, frame_size=1024)
        for piece in [*resampler.resample(_tone(duration_s)), *resampler.resample(None)]:
            output.mux(sound.encode(piece))
        output.mux(sound.encode(None))
    return path


def _frame(number: int) -> av.VideoFrame:
    """A grey ramp that moves to the right, shape (height, width, 3)."""
    ramp = (np.arange(SIZE_PX[0]) + 4 * number).astype(np.uint8)
    frame = av.VideoFrame.from_ndarray(np.tile(ramp[None, :, None], (SIZE_PX[1], 1, 3)), format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, FRAME_RATE_HZ)
    return frame.reformat(format="yuv420p")


def _tone(duration_s: float) -> av.AudioFrame:
    times_s = np.arange(round(duration_s * SOUND_RATE_HZ)) / SOUND_RATE_HZ
    samples = (0.3 * np.sin(2 * np.pi * TONE_HZ * times_s)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = SOUND_RATE_HZ, 0
    return frame
