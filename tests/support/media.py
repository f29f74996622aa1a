"""Small media files for tests, made with PyAV."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Picture = Callable[[float], NDArray[np.uint8]]
"""From media time in seconds to a picture of shape (height, width, 3)."""

_CODECS = {".webm": ("libvpx", "libopus"), ".mp4": ("libx264", "aac"), ".mov": ("libx264", "aac")}


def tone(seconds: float, frequency_hz: float = 440.0, rate_hz: int = 16_000) -> NDArray[np.int16]:
    """A sine at half of full scale, shape (samples,)."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.5 * 32767 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.int16)


def write_sound(path: Path, samples: NDArray[np.int16], rate_hz: int = 16_000) -> Path:
    """Mono FLAC or WAV, by the name's ending."""
    codec = "flac" if path.suffix == ".flac" else "pcm_s16le"
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=rate_hz, layout="mono")
        assert isinstance(stream, av.AudioStream)
        _mux_sound(output, stream, samples, rate_hz)
    return path


def write_tone(path: Path, seconds: float = 2.0, frequency_hz: float = 440.0) -> Path:
    """A sine as mono FLAC or WAV."""
    return write_sound(path, tone(seconds, frequency_hz))


def write_video(
    path: Path,
    seconds: float = 2.0,
    fps: int = 25,
    with_audio: bool = False,
    picture: Picture | None = None,
    times_s: list[float] | None = None,
    loudness: float = 1.0,
) -> Path:
    """A video of what `picture` shows (noise without it), optionally with a tone of `loudness` 0 (silence) to 1.

    `times_s` gives the frames' own times in place of a steady rate, as browsers record.
    """
    picture = picture or noise
    times_s = times_s or [i / fps for i in range(round(seconds * fps))]
    video_codec, sound_codec = _CODECS[path.suffix]
    with av.open(str(path), "w") as output:
        height, width = picture(0.0).shape[:2]
        stream = output.add_stream(video_codec, rate=fps, width=width, height=height, pix_fmt="yuv420p")
        assert isinstance(stream, av.VideoStream)
        stream.codec_context.thread_count = 1  # nothing here waits for threads that nobody can end
        stream.codec_context.time_base = Fraction(1, 1000)
        sound = output.add_stream(sound_codec, rate=48_000, layout="mono") if with_audio else None
        for time_s in times_s:
            frame = av.VideoFrame.from_ndarray(picture(time_s), format="rgb24")
            frame.pts, frame.time_base = round(time_s * 1000), Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if isinstance(sound, av.AudioStream):
            _mux_sound(output, sound, (loudness * tone(seconds, rate_hz=48_000)).astype(np.int16), 48_000)
    return path


def noise(time_s: float, size_px: tuple[int, int] = (160, 120)) -> NDArray[np.uint8]:
    """Coarse coloured noise that changes with time but is the same for the same time."""
    random = np.random.default_rng(round(time_s * 1000))
    small = random.integers(0, 255, (size_px[1] // 8, size_px[0] // 8, 3), np.uint8)
    return np.repeat(np.repeat(small, 8, axis=0), 8, axis=1)


def lay_down(path: Path) -> Path:
    """Mark an MP4's picture to be turned 90 degrees clockwise, as telephones do for portrait recordings."""
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    content[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return path


def _mux_sound(
    output: av.container.OutputContainer, stream: av.AudioStream, samples: NDArray[np.int16], rate_hz: int
) -> None:
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
    frame.sample_rate, frame.pts = rate_hz, 0
    resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate_hz, frame_size=1024)
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        output.mux(stream.encode(piece))
    output.mux(stream.encode(None))
