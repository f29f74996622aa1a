"""A recording as a small file that every browser plays: H.264 and AAC in MP4, its index at the front.

The recording is decoded in a process of its own that can do nothing else (`servicekit.recording`); what it hands over
are pixels and samples, and only these are encoded. Nothing of the file that a stranger sent reaches whoever watches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

from orchestrator.playback.canvas import Canvas
from servicekit.decoding import PictureReader, SoundReader
from servicekit.errors import ServiceError, media_unreadable
from servicekit.recording.limits import DEFAULT, Limits
from servicekit.recording.picture import Wanted

VIDEO, SOUND = "video/mp4", "audio/mp4"
WANTED = Wanted(short_side_px=360, frame_rate_hz=30)
KEY_FRAME_S = 2.0
"""A click lands on a key frame at most so far before it."""
SOUND_RATE_HZ, SOUND_BIT_RATE = 48_000, 64_000
CLOCK = Fraction(1, 1000)
"""Pictures keep their own times, to the millisecond: recordings of browsers have no steady rate."""
H264 = {"preset": "veryfast", "profile": "main", "crf": "27", "maxrate": "700k", "bufsize": "1400k"}
H264 |= {"bf": "0", "forced-idr": "1"}
"""Constant quality up to a rate, without frames out of order, so that times need no correction in any player."""

Packets = list[Any]
"""Of PyAV."""


class Stopped(Exception):
    """Nobody wants the copy any more."""


def encode(
    source: Path,
    target: Path,
    limits: Limits = DEFAULT,
    watched: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> str:
    """Write the copy of `source` to `target` and return its content type; blocking, with one thread.

    `watched` is the number of the picture track to show where there are several. Raises MEDIA_UNREADABLE, UPSTREAM_DOWN
    where the decoder is kept from working, `Stopped`.
    """
    with ExitStack() as opened:
        sound = opened.enter_context(closing(SoundReader(source, SOUND_RATE_HZ, limits)))
        output = opened.enter_context(av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}))
        seen = []
        if sound.probe.has_video:
            seen = _encoded_pictures(output, opened.enter_context(closing(_pictures(source, limits, watched))))
        heard = [_encoded_sound(output, sound)] if sound.probe.has_audio else []
        if not seen and not heard:
            raise media_unreadable("its picture track is empty")
        for packets in _by_time(seen + heard):
            if stopped():
                raise Stopped
            output.mux(packets)
    return VIDEO if seen else SOUND


def _pictures(source: Path, limits: Limits, watched: int | None) -> PictureReader:
    reader = PictureReader(source, 1, limits, WANTED)
    numbers = [track.index for track in reader.probe.pictures]
    if len(numbers) > 1:
        for _ in reader.looks():
            continue
        reader.choose(numbers.index(watched) if watched in numbers else 0)
    return reader


def _by_time(tracks: list[Iterator[tuple[float, Packets]]]) -> Iterator[Packets]:
    """Packets of all tracks, that one's next which is furthest behind: players need both within reach."""
    waiting = [(0.0, place, track) for place, track in enumerate(tracks)]
    while waiting:
        waiting.sort(key=lambda each: each[:2])
        _, place, track = waiting.pop(0)
        if (found := next(track, None)) is not None:
            waiting.append((found[0], place, track))
            yield found[1]


def _encoded_pictures(
    output: av.container.OutputContainer, reader: PictureReader
) -> list[Iterator[tuple[float, Packets]]]:
    """One track; none where no picture can be decoded after all."""
    pictures = reader.pictures()
    first = next(pictures, None)
    if first is None:
        return []
    height, width = (side - side % 2 for side in first.shape)
    canvas = Canvas(width, height)
    stream: Any = output.add_stream("libx264", rate=WANTED.frame_rate_hz, options=dict(H264))
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.codec_context.time_base, stream.time_base = CLOCK, CLOCK
    stream.codec_context.thread_count = 1

    def track() -> Iterator[tuple[float, Packets]]:
        shown_ms, key_s = -1, 0.0
        for picture in chain([first], pictures):
            # A recording whose picture begins late shows its first one from the start.
            at_ms = 0 if shown_ms < 0 else round(picture.offset_s * 1000)
            if at_ms <= shown_ms:
                continue
            frame = canvas.laid(picture)
            frame.pts, frame.time_base, shown_ms = at_ms, CLOCK, at_ms
            is_key = picture.offset_s >= key_s
            frame.pict_type = PictureType.I if is_key else PictureType.NONE
            key_s = picture.offset_s + KEY_FRAME_S if is_key else key_s
            yield picture.offset_s, stream.encode(frame)
        yield picture.offset_s, stream.encode(None)

    return [track()]


def _encoded_sound(output: av.container.OutputContainer, reader: SoundReader) -> Iterator[tuple[float, Packets]]:
    stream: Any = output.add_stream("aac", rate=SOUND_RATE_HZ, layout="mono")
    stream.bit_rate = SOUND_BIT_RATE

    def track() -> Iterator[tuple[float, Packets]]:
        given = 0
        for block in _readable(reader.blocks()):
            frame = av.AudioFrame.from_ndarray(block[np.newaxis, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SOUND_RATE_HZ, given
            given += block.size
            yield given / SOUND_RATE_HZ, stream.encode(frame)
        yield given / SOUND_RATE_HZ, stream.encode(None)

    return track()


def _readable(blocks: Iterator[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
    """What can be decoded of a sound track; a picture without the rest of its sound is still worth watching."""
    try:
        yield from blocks
    except ServiceError as error:
        if error.retryable:
            raise
