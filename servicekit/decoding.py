"""Reading recordings: what is in them, their sound, their pictures. No ffmpeg program is needed.

Browser WebM has no duration, a nonsense frame rate and variable timing, so nothing trusts a header. Whatever opens a
recording runs in a process of its own with limits: see `servicekit.recording`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from servicekit.errors import media_unreadable, no_audio_stream, no_video_stream
from servicekit.recording.limits import DEFAULT, Limits
from servicekit.recording.picture import WHOLE, Wanted
from servicekit.recording.process import DecodingProcess, Message
from servicekit.wire import Span, Track

SAMPLE_RATE_HZ = 16_000
"""What every speech model of the system was trained on."""


@dataclass(frozen=True, slots=True)
class MediaProbe:
    """What a file holds, found by decoding, never by its name."""

    format: str
    sound: Track | None
    """The track that is heard; None where none can be decoded."""
    pictures: tuple[Track, ...]
    """Every track that can be watched; who looks chooses."""
    duration_s: float
    """From the first track's start to the last one's end by the packets' time stamps, seconds."""

    @property
    def has_audio(self) -> bool:
        """Whether it has sound that can be decoded."""
        return self.sound is not None

    @property
    def has_video(self) -> bool:
        """Whether it has a picture that can be decoded."""
        return bool(self.pictures)


class SoundReader:
    """The sound of one recording while it is decoded; a context manager that ends the decoding."""

    def __init__(self, path: Path, rate_hz: int = SAMPLE_RATE_HZ, limits: Limits = DEFAULT) -> None:
        """Look into a file. Raises MEDIA_UNREADABLE when no track of it can be decoded."""
        self.rate_hz = rate_hz
        self.missing: tuple[Span, ...] = ()
        """Where nothing was recorded or could be decoded; known after the last block."""
        self._process = DecodingProcess(path, "sound", limits, rate_hz=rate_hz)
        self._messages = self._process.messages()
        try:
            self.probe = probe_value(next(self._messages).header)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the decoding."""
        self._process.close()

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Mono blocks of int16 samples on the recording's clock, silence where nothing was recorded.

        Raises NO_AUDIO_STREAM, MEDIA_UNREADABLE. Damaged packets are left out and named in `missing`.
        """
        if self.probe.sound is None:
            raise no_audio_stream()
        for message in self._messages:
            if "missing" in message.header:
                self.missing = spans(message.header["missing"])
            else:
                yield np.frombuffer(message.payload, np.int16)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, upright and with square pixels: brightness of shape (height, width) and two planes of colour half as
    high and wide, one after the other, of 8 bits each.
    """

    offset_s: float
    """On the recording's clock."""
    size_px: tuple[int, int]
    """Width and height at full size; the planes may be smaller."""
    shape: tuple[int, int]
    format: str
    """FFmpeg's name for the planes: `yuv420p`, or `yuvj420p` where they use the full range."""
    colorspace: int
    """FFmpeg's number."""
    planes: bytearray

    def luma(self) -> NDArray[np.uint8]:
        """Brightness, a view of shape (height, width)."""
        height, width = self.shape
        return np.frombuffer(self.planes, np.uint8, height * width).reshape(height, width)

    def frame(self) -> av.VideoFrame:
        """The picture as PyAV's."""
        height, width = self.shape
        found = av.VideoFrame.from_ndarray(
            np.frombuffer(self.planes, np.uint8).reshape(height * 3 // 2, width), format=self.format
        )
        found.colorspace = self.colorspace
        return found


class PictureReader:
    """The pictures of one recording while they are decoded; a context manager that ends the decoding."""

    def __init__(self, path: Path, threads: int = 1, limits: Limits = DEFAULT, wanted: Wanted = WHOLE) -> None:
        """Look into a file. Raises MEDIA_UNREADABLE when no track of it can be decoded, NO_VIDEO_STREAM."""
        self.missing: tuple[Span, ...] = ()
        """Where nothing was recorded or could be decoded; known after the last picture. A picture that stands still is
        not missing."""
        self._process = DecodingProcess(path, "picture", limits, threads=threads, **asdict(wanted))
        self._messages = self._process.messages()
        try:
            self.probe = probe_value(next(self._messages).header)
            if not self.probe.pictures:
                raise no_video_stream()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the decoding."""
        self._process.close()

    def looks(self) -> Iterator[tuple[int, Picture]]:
        """Some pictures of each track of `probe.pictures`, with its place there; nothing where there is only one.

        To be read to the end, and `choose` to be called after it, where there are several.
        """
        if len(self.probe.pictures) < 2:
            return
        for message in self._messages:
            if "choose" in message.header:
                return
            yield message.header.pop("look"), _picture(message)

    def choose(self, place: int) -> None:
        """Take the track at this place of `probe.pictures`."""
        self._process.tell(place)

    def pictures(self) -> Iterator[Picture]:
        """In order of time. Damaged packets are left out and named in `missing`. Raises MEDIA_UNREADABLE."""
        for message in self._messages:
            if "missing" in message.header:
                self.missing = spans(message.header["missing"])
            else:
                yield _picture(message)


def probe(path: Path, limits: Limits = DEFAULT) -> MediaProbe:
    """Look into a file. Raises MEDIA_UNREADABLE when no track of it can be decoded."""
    with closing(DecodingProcess(path, "probe", limits)) as process:
        return probe_value(next(process.messages()).header)


def sound_blocks(path: Path, rate_hz: int = SAMPLE_RATE_HZ, limits: Limits = DEFAULT) -> Iterator[NDArray[np.int16]]:
    """As `SoundReader.blocks`."""
    with closing(SoundReader(path, rate_hz, limits)) as reader:
        yield from reader.blocks()


def decode_sound(path: Path, rate_hz: int = SAMPLE_RATE_HZ, limits: Limits = DEFAULT) -> NDArray[np.float32]:
    """The whole sound, float32 in -1 to 1, shape (samples,). Raises as `SoundReader.blocks`."""
    with closing(SoundReader(path, rate_hz, limits)) as reader:
        return whole_sound(reader)


def whole_sound(reader: SoundReader) -> NDArray[np.float32]:
    """All that a reader has, float32 in -1 to 1, shape (samples,). Raises MEDIA_UNREADABLE where that is nothing."""
    return as_float(whole_pcm(reader))


def whole_pcm(reader: SoundReader) -> NDArray[np.int16]:
    """All that a reader has as 16-bit samples, half the size, shape (samples,). Raises as `whole_sound`."""
    blocks = list(reader.blocks())
    if not blocks:
        raise media_unreadable("its sound track is empty")
    return np.concatenate(blocks)


def as_float(pcm: NDArray[np.int16]) -> NDArray[np.float32]:
    """16-bit samples as float32 in -1 to 1."""
    sound = pcm.astype(np.float32)
    sound /= 32768.0  # in place: a second copy of an hour is 230 MB
    return sound


def write_flac(source: Path, target: Path, rate_hz: int = SAMPLE_RATE_HZ, limits: Limits = DEFAULT) -> float:
    """Extract the sound as mono FLAC at `rate_hz` and return its length in seconds. Memory stays flat."""
    with closing(SoundReader(source, rate_hz, limits)) as reader:
        return write_sound(reader, target)


def write_sound(reader: SoundReader, target: Path) -> float:
    """Write what a reader has as mono FLAC and return its length in seconds. Raises as `SoundReader.blocks`."""
    written = 0
    with av.open(str(target), "w", format="flac") as output:
        stream = output.add_stream("flac", rate=reader.rate_hz, layout="mono", format="s16")
        for block in reader.blocks():
            frame = av.AudioFrame.from_ndarray(block[np.newaxis, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = reader.rate_hz, written
            output.mux(stream.encode(frame))
            written += block.size
        output.mux(stream.encode(None))
    if not written:
        raise media_unreadable("its sound track is empty")
    return written / reader.rate_hz


def probe_value(header: dict[str, Any]) -> MediaProbe:
    """What the decoding process says of a file."""
    found = header["survey"]
    sound = found["sound"][header["sound"]] if found["sound"] else None
    decodable = "only" if found["counts"]["video"] < 2 else "decodable"
    why = decodable if len(found["picture"]) == 1 else "first"
    return MediaProbe(
        found["format"],
        None if sound is None else Track(sound["index"], found["counts"]["audio"], sound["codec"], header["why"]),
        tuple(Track(each["index"], found["counts"]["video"], each["codec"], why) for each in found["picture"]),
        found["duration_s"],
    )


def _picture(message: Message) -> Picture:
    found = message.header
    (width, height), (rows, columns) = found["size_px"], found["shape"]
    return Picture(
        found["offset_s"],
        (width, height),
        (rows, columns),
        found["format"],
        found["colorspace"],
        message.payload,
    )


def spans(pairs: list[list[float]]) -> tuple[Span, ...]:
    """Spans that the decoding process names."""
    return tuple(Span(start_s, end_s) for start_s, end_s in pairs)
