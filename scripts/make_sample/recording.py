"""Writing pictures and sound to a file as phones and browsers do."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from scripts.make_sample.portrait import HEIGHT, WIDTH, Picture
from scripts.make_sample.voices import RATE_HZ

FRAME_RATE = 25
MILLISECOND = Fraction(1, 1000)
SOUND_RATE_HZ = 48_000


def frame_times_s(duration_s: float, jittered: bool) -> list[float]:
    """Times of the frames; a browser's come a few milliseconds early or late, and now and then one is missing."""
    count = int(duration_s * FRAME_RATE)
    if not jittered:
        return [i / FRAME_RATE for i in range(count)]
    random = np.random.default_rng(11)
    times = [i / FRAME_RATE + float(random.uniform(0, 0.012)) for i in range(count) if i % 41 != 40]
    return [0.0, *times[1:]]


def write(path: Path, times_s: list[float], pictures: Iterable[Picture], sound: NDArray[np.float32]) -> None:
    """MP4 with H.264 and AAC, or WebM with VP8 and Opus and, like a browser's, without a duration."""
    web = path.suffix == ".webm"
    with av.open(str(path), "w", format="webm" if web else "mp4", options={"live": "1"} if web else {}) as output:
        video = _video_stream(output, web)
        audio = output.add_stream("libopus" if web else "aac", rate=SOUND_RATE_HZ, layout="mono")
        audio.bit_rate = 48_000
        packets = [*_video_packets(video, times_s, pictures), *_audio_packets(audio, sound)]
        for packet in sorted(packets, key=lambda p: float(p.dts * p.time_base)):
            output.mux(packet)


def _video_stream(output: Any, web: bool) -> Any:
    stream = output.add_stream("libvpx" if web else "libx264", rate=FRAME_RATE)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.codec_context.time_base = MILLISECOND
    stream.options = {"crf": "24", "b": "320k", "deadline": "good", "cpu-used": "2"} if web else {"crf": "27"}
    return stream


def _video_packets(stream: Any, times_s: list[float], pictures: Iterable[Picture]) -> Iterable[Any]:
    for time_s, picture in zip(times_s, pictures, strict=True):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = round(time_s * 1000), MILLISECOND
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _audio_packets(stream: Any, sound: NDArray[np.float32]) -> Iterable[Any]:
    frame = av.AudioFrame.from_ndarray((sound * 32767).astype(np.int16)[np.newaxis], format="s16", layout="mono")
    frame.sample_rate, frame.pts = RATE_HZ, 0
    size = stream.codec_context.frame_size or 960
    resampler = av.AudioResampler(stream.format.name, "mono", SOUND_RATE_HZ, frame_size=size)
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        yield from stream.encode(piece)
    yield from stream.encode(None)
