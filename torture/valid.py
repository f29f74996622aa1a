"""Small whole recordings in every container and codec that is accepted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

SIZE_PX = (176, 144)
FRAME_RATE_HZ = 10
SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A container by its file's ending and FFmpeg's name, and the codecs in it; empty: no such track."""

    ending: str
    container: str
    picture: str = ""
    sound: str = ""
    rate_hz: int = 48_000

    @property
    def name(self) -> str:
        """Of its file."""
        return "-".join(part for part in (self.container, self.picture, self.sound) if part) + f".{self.ending}"


KINDS = (
    Kind("mp4", "mp4", "libx264", "aac"),
    Kind("mp4", "mp4", "libx265", "alac"),
    Kind("mp4", "mp4", "libsvtav1", "libopus"),
    Kind("mp4", "mp4", "mpeg4", "libmp3lame"),
    Kind("mov", "mov", "prores_ks", "pcm_s16le"),
    Kind("mov", "mov", "mjpeg", "pcm_s16le"),
    Kind("mov", "mov", "libx264", "ac3"),
    Kind("3gp", "3gp", "h263", "libopencore_amrnb", 8_000),
    Kind("m4a", "ipod", "", "aac"),
    Kind("mkv", "matroska", "libx264", "flac"),
    Kind("mkv", "matroska", "libx265", "eac3"),
    Kind("mkv", "matroska", "ffv1", "pcm_s16le"),
    Kind("webm", "webm", "libvpx", "vorbis"),
    Kind("webm", "webm", "libvpx-vp9", "libopus"),
    Kind("webm", "webm", "libsvtav1", "libopus"),
    Kind("avi", "avi", "mpeg4", "libmp3lame"),
    Kind("avi", "avi", "mjpeg", "pcm_s16le"),
    Kind("avi", "avi", "libx264", "adpcm_ms"),
    Kind("avi", "avi", "huffyuv", "pcm_u8"),
    Kind("wav", "wav", "", "pcm_s16le"),
    Kind("wav", "wav", "", "pcm_f32le"),
    Kind("wav", "wav", "", "adpcm_ima_wav"),
    Kind("wav", "wav", "", "pcm_alaw"),
    Kind("w64", "w64", "", "pcm_s24le"),
    Kind("flac", "flac", "", "flac"),
    Kind("ogg", "ogg", "", "vorbis"),
    Kind("ogg", "ogg", "", "libopus"),
    Kind("oga", "ogg", "", "flac"),
    Kind("mp3", "mp3", "", "libmp3lame"),
    Kind("aac", "adts", "", "aac"),
    Kind("ts", "mpegts", "libx264", "aac"),
    Kind("ts", "mpegts", "mpeg2video", "mp2"),
    Kind("mpg", "mpeg", "mpeg1video", "mp2"),
    Kind("mpg", "vob", "mpeg2video", "ac3"),
    Kind("flv", "flv", "flv", "libmp3lame", 44_100),
    Kind("flv", "flv", "libx264", "aac"),
    Kind("wmv", "asf", "wmv2", "wmav2", 44_100),
    Kind("asf", "asf", "msmpeg4v2", "wmav1", 44_100),
    Kind("aiff", "aiff", "", "pcm_s16be"),
    Kind("caf", "caf", "", "pcm_s16be"),
    Kind("caf", "caf", "", "alac"),
    Kind("amr", "amr", "", "libopencore_amrnb", 8_000),
)


def write(folder: Path, kind: Kind) -> Path:
    """Write one of a kind: a moving ramp and a tone."""
    path = folder / kind.name
    with _usual_scheduling(), av.open(str(path), "w", format=kind.container) as output:
        pictures = _pictures(output, kind) if kind.picture else None
        sound = _sound(output, kind) if kind.sound else None
        packets = []
        if isinstance(pictures, av.VideoStream):
            packets += [p for number in range(round(SECONDS * FRAME_RATE_HZ)) for p in pictures.encode(_ramp(number))]
            packets += pictures.encode(None)
        if isinstance(sound, av.AudioStream):
            packets += _encoded(sound, kind)
        for packet in sorted(packets, key=lambda p: float((p.dts or 0) * p.time_base)):
            output.mux(packet)
    return path


@contextmanager
def _usual_scheduling() -> Iterator[None]:
    """SVT-AV1 makes the thread that opens it a real-time one where it may, and whatever that starts afterwards."""
    policy, priority = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, priority)


def _sound(output: av.container.OutputContainer, kind: Kind) -> av.AudioStream:
    experimental = {"strict": "experimental"} if kind.sound == "vorbis" else {}
    layout = "stereo" if kind.sound == "vorbis" else "mono"
    stream = output.add_stream(kind.sound, rate=kind.rate_hz, layout=layout, options=experimental)
    assert isinstance(stream, av.AudioStream)
    if kind.sound.startswith("wma"):
        stream.codec_context.bit_rate = 64_000
    return stream


def _pictures(output: av.container.OutputContainer, kind: Kind) -> av.VideoStream:
    pixels = {"mjpeg": "yuvj420p", "prores_ks": "yuv422p10le", "huffyuv": "yuv422p"}.get(kind.picture, "yuv420p")
    options = {"preset": "ultrafast"} if kind.picture in ("libx264", "libx265") else {}
    if kind.picture == "libx265":
        options["x265-params"] = "log-level=none:pools=1"
    rate = 25 if kind.picture in ("mpeg1video", "mpeg2video") else FRAME_RATE_HZ
    stream = output.add_stream(
        kind.picture, rate=rate, width=SIZE_PX[0], height=SIZE_PX[1], pix_fmt=pixels, options=options
    )
    assert isinstance(stream, av.VideoStream)
    return stream


def _ramp(number: int) -> av.VideoFrame:
    ramp = (np.arange(SIZE_PX[0]) + 8 * number).astype(np.uint8)
    frame = av.VideoFrame.from_ndarray(np.tile(ramp[None, :, None], (SIZE_PX[1], 1, 3)), format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, FRAME_RATE_HZ)
    return frame


def _encoded(stream: av.AudioStream, kind: Kind) -> list[av.Packet[Any]]:
    context = stream.codec_context
    context.open(strict=False)
    samples = np.sin(2 * np.pi * 440 * np.arange(round(SECONDS * kind.rate_hz)) / kind.rate_hz)
    frame = av.AudioFrame.from_ndarray((0.3 * 32767 * samples).astype(np.int16)[np.newaxis], "s16", "mono")
    frame.sample_rate, frame.pts, frame.time_base = kind.rate_hz, 0, Fraction(1, kind.rate_hz)
    resampler = av.AudioResampler(context.format, context.layout, context.sample_rate, context.frame_size or 1024)
    pieces = [*resampler.resample(frame), *resampler.resample(None)]
    return [packet for piece in (*pieces, None) for packet in stream.encode(piece)]
