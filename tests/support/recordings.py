"""Recordings as people make them, each with one thing about it, made with PyAV."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.support.media import Picture, noise, tone

RATE_HZ = 48_000
TICK = Fraction(1, 1000)
Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Pictures:
    """A picture track: what it shows at which times, in seconds."""

    times_s: list[float]
    picture: Picture = noise
    codec: str = "libx264"
    key_each: int = 12
    pixel: Fraction | None = None


@dataclass(frozen=True)
class Sounds:
    """A sound track: pieces of samples at 48 kHz, each from its own time on in seconds."""

    pieces: list[tuple[float, Samples]]
    codec: str = "aac"
    stretch: float = 1.0
    """Stamps are multiplied by this."""


def every(seconds: float, rate_hz: float = 25.0, start_s: float = 0.0) -> list[float]:
    """Times of a steady frame rate."""
    return [start_s + number / rate_hz for number in range(round(seconds * rate_hz))]


def spoken(seconds: float, seed: int = 1) -> Samples:
    """Noise that swells and fades four times a second, with pauses, as speech does."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    random = np.random.default_rng(seed)
    level = np.clip(np.sin(2 * np.pi * 4 * time_s), 0, 1) * (np.sin(2 * np.pi * 0.3 * time_s) > -0.6)
    samples: Samples = (0.3 * 32767 * level * random.standard_normal(len(time_s)).clip(-2, 2) / 2).astype(np.int16)
    return samples


def hum(seconds: float) -> Samples:
    """A steady tone."""
    return tone(seconds, 220.0, RATE_HZ)


def silence(seconds: float) -> Samples:
    """Nothing."""
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def write(path: Path, *tracks: Pictures | Sounds, **options: str) -> Path:
    """A recording with these tracks in this order; `options` are the muxer's."""
    with av.open(str(path), "w", options=options) as output:
        streams = [_stream(output, track) for track in tracks]
        packets = [packet for track, stream in zip(tracks, streams, strict=True) for packet in _encoded(track, stream)]
        for packet in sorted(packets, key=lambda packet: float((packet.dts or 0) * packet.time_base)):
            output.mux(packet)
    return path


def hurt(path: Path, kind: str, at_s: float) -> Path:
    """The same recording with the packet of a kind (`audio` or `video`) at a time overwritten."""
    content = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        stream = container.streams.get(**{kind: 0})[0]
        for packet in container.demux(stream):
            if packet.pts is not None and packet.pos is not None and float(packet.pts * packet.time_base) >= at_s:
                content[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
                break
    target = path.with_stem(path.stem + "_hurt")
    target.write_bytes(content)
    return target


def joined(path: Path, parts: Iterable[Path]) -> Path:
    """Recordings joined byte by byte."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def with_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Give the picture of an MP4 this display matrix: where a stored point goes."""
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 4 + 40
    one = 1 << 16
    content[matrix : matrix + 36] = struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return path


def _stream(output: av.container.OutputContainer, track: Pictures | Sounds) -> av.VideoStream | av.AudioStream:
    if isinstance(track, Sounds):
        sound = output.add_stream(track.codec, rate=RATE_HZ, layout="mono")
        assert isinstance(sound, av.AudioStream)
        return sound
    height, width = track.picture(0.0).shape[:2]
    options = {"tune": "zerolatency", "x264-params": "scenecut=0"} if track.codec == "libx264" else {}
    pixels = "yuvj420p" if track.codec == "mjpeg" else "yuv420p"
    picture = output.add_stream(track.codec, rate=25, width=width, height=height, pix_fmt=pixels, options=options)
    assert isinstance(picture, av.VideoStream)
    picture.codec_context.thread_count = 1  # nothing here waits for threads that nobody can end
    picture.codec_context.time_base = TICK
    picture.codec_context.gop_size = track.key_each
    if track.pixel is not None:
        picture.codec_context.sample_aspect_ratio = track.pixel
    return picture


def _encoded(track: Pictures | Sounds, stream: av.VideoStream | av.AudioStream) -> list[av.Packet[Any]]:
    if isinstance(track, Sounds):
        assert isinstance(stream, av.AudioStream)
        return _sound_packets(track, stream)
    assert isinstance(stream, av.VideoStream)
    found = []
    for time_s in track.times_s:
        frame = av.VideoFrame.from_ndarray(track.picture(time_s), format="rgb24")
        frame.pts, frame.time_base = round(time_s * 1000), TICK
        found += stream.encode(frame)
    return found + stream.encode(None)


def _sound_packets(track: Sounds, stream: av.AudioStream) -> list[av.Packet[Any]]:
    found: list[av.Packet[Any]] = []
    size = 960 if track.codec == "libopus" else 1024
    for start_s, samples in track.pieces:
        for first in range(0, len(samples) - size + 1, size):
            frame = av.AudioFrame.from_ndarray(_planes(samples[first : first + size], track), _format(track), "mono")
            frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
            frame.pts = round((start_s * RATE_HZ + first) * track.stretch)
            found += stream.encode(frame)
    return found + stream.encode(None)


def _format(track: Sounds) -> str:
    return {"aac": "fltp"}.get(track.codec, "s16")


def _planes(samples: Samples, track: Sounds) -> NDArray[np.int16] | NDArray[np.float32]:
    return samples[np.newaxis] if _format(track) == "s16" else (samples[np.newaxis] / 32768).astype(np.float32)
