"""Writing made clips: steady and variable frame rates, with the noise of a sensor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from bench.vision.acts import Act
from bench.vision.puppet import Puppet
from scripts.make_sample.portrait import Picture

NOISE = 2.0
"""Standard deviation of the sensor's noise, of 255."""
MILLISECOND = Fraction(1, 1000)


def steady(duration_s: float, rate_hz: float) -> list[float]:
    """Times of frames at one rate."""
    return [number / rate_hz for number in range(round(duration_s * rate_hz))]


def variable(duration_s: float) -> list[float]:
    """Times as browsers write them: 30 frames a second and now and then 20, early and late, some missing."""
    random, times, at_s = np.random.default_rng(7), [], 0.0
    while at_s < duration_s:
        times.append(at_s)
        slow = int(at_s / 4) % 3 == 2
        step_s = (1 / 20 if slow else 1 / 30) * (2 if random.random() < 0.02 else 1)
        at_s += step_s + float(random.uniform(-0.006, 0.006))
    return times


def performed(puppet: Puppet, act: Act, times_s: Iterable[float]) -> Iterator[Picture]:
    """The pictures of an act."""
    for time_s in times_s:
        yield noisy(puppet.posed(*act.pose(time_s)), round(time_s * 1000))


def noisy(picture: Picture, seed: int) -> Picture:
    """With a sensor's noise: one of a few fields of noise, since making it is slow."""
    field = _noise_fields(picture.shape[:2])[seed * 7919 % 13]
    return np.asarray(cv2.add(picture, field, dtype=cv2.CV_8U), np.uint8)


def shown(picture: Callable[[float], Picture], times_s: Iterable[float]) -> Iterator[Picture]:
    """The pictures of a function of time."""
    return (picture(time_s) for time_s in times_s)


def write(path: Path, times_s: Sequence[float], pictures: Iterable[Picture], bit_rate: int | None = None) -> Path:
    """H.264 with the frames' own times, as MP4: of one quality, or of one bit rate."""
    options = {"preset": "veryfast"} | ({} if bit_rate else {"crf": "24"})
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=30, pix_fmt="yuv420p", options=options)
        if bit_rate:
            stream.bit_rate = bit_rate
        stream.codec_context.time_base = MILLISECOND
        stream.codec_context.thread_count = 1
        for number, (time_s, picture) in enumerate(zip(times_s, pictures, strict=True)):
            height, width = (side // 2 * 2 for side in picture.shape[:2])
            if not number:
                stream.height, stream.width = height, width
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
            frame.pts, frame.time_base = round(time_s * 1000), MILLISECOND
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


_fields: dict[tuple[int, ...], list[Picture]] = {}


def _noise_fields(size: tuple[int, ...]) -> list[np.ndarray]:
    if size not in _fields:
        random = np.random.default_rng(5)
        _fields[size] = [np.rint(random.normal(0, NOISE, (*size, 3))).astype(np.int16) for _ in range(13)]
    return _fields[size]
