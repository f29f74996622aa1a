"""Reading media with PyAV, by the frames' own time stamps; no ffmpeg program is needed.

Browser WebM has no duration, a nonsense frame rate and variable timing, so nothing here trusts a header.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from servicekit.errors import media_unreadable, no_audio_stream, no_video_stream

SAMPLE_RATE_HZ = 16_000
"""What every speech model of the system was trained on."""

CANCELLED = 0.05
"""Two channels are in opposite phase when their mean has less than this share of their power; two that have nothing in
common have half."""


@dataclass(frozen=True, slots=True)
class MediaProbe:
    """What a file holds, found by decoding, never by its name."""

    format: str
    has_audio: bool
    has_video: bool
    duration_s: float
    """Length in seconds from the packets' time stamps, counted from the first track's start."""


def probe(path: Path) -> MediaProbe:
    """Look into a file. Raises MEDIA_UNREADABLE when no track of it can be decoded."""
    with _opened(path) as container:
        tracks = [s for s in container.streams if s.type in ("audio", "video")]
        if not tracks:
            raise media_unreadable("it holds neither picture nor sound")
        decodable = {s.type for s in tracks if _first_frame(path, s.index)}
        if not decodable:
            raise media_unreadable("no picture or sound in it can be decoded")
        end_s = 0.0
        for packet in container.demux(tracks):
            if packet.pts is not None and packet.time_base is not None:
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        duration_s = max(0.0, end_s - _start_s(container))
        return MediaProbe(container.format.name, "audio" in decodable, "video" in decodable, duration_s)


def sound_blocks(path: Path, rate_hz: int = SAMPLE_RATE_HZ) -> Iterator[NDArray[np.int16]]:
    """The first sound track as mono blocks of int16 samples at `rate_hz`, gaps in time filled with silence.

    Raises NO_AUDIO_STREAM, MEDIA_UNREADABLE. A track that breaks off gives what was decoded before the break.
    """
    with _opened(path) as container:
        if not container.streams.audio:
            raise no_audio_stream()
        yield from _resampled(container, rate_hz)


def decode_sound(path: Path, rate_hz: int = SAMPLE_RATE_HZ) -> NDArray[np.float32]:
    """The whole first sound track, float32 in -1 to 1, shape (samples,). Raises as `sound_blocks`."""
    blocks = list(sound_blocks(path, rate_hz))
    if not blocks:
        raise media_unreadable("its sound track is empty")
    sound = np.empty(sum(block.size for block in blocks), np.float32)
    np.concatenate(blocks, out=sound)
    sound /= 32768.0  # in place: a second copy of an hour is 230 MB
    return sound


def write_flac(source: Path, target: Path, rate_hz: int = SAMPLE_RATE_HZ) -> float:
    """Extract the first sound track as mono FLAC at `rate_hz` and return its length in seconds. Memory stays flat."""
    written = 0
    with av.open(str(target), "w", format="flac") as output:
        stream = output.add_stream("flac", rate=rate_hz, layout="mono", format="s16")
        for block in sound_blocks(source, rate_hz):
            frame = av.AudioFrame.from_ndarray(block[np.newaxis, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate_hz, written
            output.mux(stream.encode(frame))
            written += block.size
        output.mux(stream.encode(None))
    if not written:
        raise media_unreadable("its sound track is empty")
    return written / rate_hz


def open_video(path: Path) -> av.container.InputContainer:
    """Open a file for its picture; a context manager. Raises NO_VIDEO_STREAM, MEDIA_UNREADABLE."""
    container = _opened(path)
    if not container.streams.video:
        container.close()
        raise no_video_stream()
    return container


def _opened(path: Path) -> av.container.InputContainer:
    try:
        return av.open(str(path), metadata_errors="ignore")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise media_unreadable(_reason(path, error)) from None


def _reason(path: Path, error: Exception) -> str:
    size = path.stat().st_size if path.exists() else 0
    return "it is empty" if size == 0 else f"it is damaged or no media file ({type(error).__name__})"


def _first_frame(path: Path, stream_index: int) -> bool:
    with _opened(path) as container:
        try:
            return next(iter(container.decode(container.streams[stream_index])), None) is not None
        except (av.error.FFmpegError, ValueError):
            return False


def _resampled(container: av.container.InputContainer, rate_hz: int) -> Iterator[NDArray[np.int16]]:
    channels = container.streams.audio[0].channels
    resampler = av.AudioResampler(format="s16", layout="mono" if channels == 1 else "stereo", rate=rate_hz)
    start_s, position = _start_s(container), 0  # samples written so far
    for frame in _frames(container):
        if frame.time is not None:
            gap = round((frame.time - start_s) * rate_hz) - position
            if gap > rate_hz // 10:  # under 0.1 s it is jitter of the time stamps
                yield from _silence(gap, rate_hz)
                position += gap
            frame.pts = None  # the resampler would otherwise warp time itself
        for block in resampler.resample(frame):
            samples = _samples(block)
            position += samples.size
            yield samples
    for block in resampler.resample(None):
        yield _samples(block)


def _silence(samples: int, rate_hz: int) -> Iterator[NDArray[np.int16]]:
    """In blocks of a minute: a jump in time may be hours long."""
    minute = np.zeros(60 * rate_hz, np.int16)
    for start in range(0, samples, minute.size):
        yield minute[: min(minute.size, samples - start)]


def _start_s(container: av.container.InputContainer) -> float:
    # Broadcast streams and cut recordings start at any time, sometimes hours in.
    return (container.start_time or 0) / av.time_base


def _samples(block: av.AudioFrame) -> NDArray[np.int16]:
    """One channel: the mean of two, or the louder one where the mean cancels out."""
    samples: NDArray[np.int16] = block.to_ndarray().reshape(-1, block.layout.nb_channels).astype(np.int16, copy=False)
    if samples.shape[1] == 1:
        return samples[:, 0]
    wide = samples.astype(np.float32)
    mean, powers = wide.mean(axis=1), (wide**2).mean(axis=0)
    if (mean**2).mean() < CANCELLED * powers.mean():
        return samples[:, int(powers.argmax())]
    mixed: NDArray[np.int16] = mean.astype(np.int16)
    return mixed


def _frames(container: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    started = False
    try:
        for frame in container.decode(audio=0):
            started = True
            yield frame
    except (av.error.FFmpegError, ValueError) as error:
        if not started:
            raise media_unreadable(f"its sound track is broken ({type(error).__name__})") from None
