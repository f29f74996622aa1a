"""The pictures of one track on the recording's clock: upright, unmirrored, with square pixels, as planes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from servicekit.recording.container import opened, ready, tracks
from servicekit.recording.geometry import orientation, square
from servicekit.recording.limits import Limits, Refused
from servicekit.recording.sound import shifted
from servicekit.recording.spans import Spans, holes, merged, shared_s, within
from servicekit.recording.survey import Survey, Track, decoded, demuxed, time_s

PLANES = ("yuv420p", "yuvj420p")
"""Formats that are handed on as they are."""
EIGHT_BIT = (*PLANES, "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12")
LONG_SIDE_PX, DEEP_SIDE_PX = 1920, 1280
"""Larger pictures are made smaller, those of more than 8 bits a little more: converting them costs more than decoding.
"""
PICTURE_HOLE_S, EDGE_HOLE_S = 2.0, 1.0
"""Shorter pauses are no hole: screens that stand still are recorded with few frames, and tracks end unevenly."""
ASLEEP = 0.8
"""A pause in the picture is a hole, and not a picture that stands still, when the sound has one in so much of it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture in planes of 8 bits: brightness of shape (height, width), and two of colour half as high and wide.

    `size_px` is its full width and height in square pixels; `colorspace` is FFmpeg's number.
    """

    offset_s: float
    size_px: tuple[int, int]
    format: str
    colorspace: int
    planes: tuple[NDArray[np.uint8], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of the pictures is wanted; 0: as much as there is.

    `short_side_px`: no larger; `frame_rate_hz`: no more frames than about so many a second.
    """

    short_side_px: int = 0
    frame_rate_hz: int = 0


WHOLE = Wanted()


class Pictures:
    """Decodes one track. `lost` grows with the packets that could not be decoded, `shown` with the frames' times."""

    def __init__(
        self, file: int, found: Survey, track: Track, threads: int, limits: Limits, wanted: Wanted = WHOLE
    ) -> None:
        """Read `track` of the file behind the descriptor."""
        self._file, self._found, self._track = file, found, track
        self._threads, self._limits, self._wanted = threads, limits, wanted
        self._next_s = 0.0
        self._converter = VideoReformatter()
        self.lost: Spans = []
        self.shown: list[float] = []

    def frames(self, *, keys_only: bool = False) -> Iterator[Picture]:
        """Pictures in order of time. Frames whose time does not rise are left out."""
        with opened(self._file, self._limits) as container:
            streams = tracks(container)
            stream = next(s for s in streams if s.index == self._track.index)
            assert isinstance(stream, av.VideoStream)
            if not ready(stream, self._limits, self._threads):
                raise Refused("its picture cannot be decoded")
            if keys_only:
                stream.codec_context.skip_frame = "NONKEY"
            for index, packet in enumerate(demuxed(container, streams)):
                if packet.stream_index == stream.index and index < len(self._found.shift_s):
                    yield from self._packet(stream, packet, float(self._found.shift_s[index]))
            yield from self._risen(stream, decoded(None, stream) or ())

    def holes(self) -> Spans:
        """Where the picture is missing, once all frames were read; a picture that stands still is not."""
        total_s = self._found.duration_s
        if not self.shown:
            return [(0.0, total_s)]
        times = np.array(self.shown)
        steps = np.append(np.diff(times), max(0.0, self._track.end_s - self.shown[-1]))
        usual_s = float(np.median(steps)) if len(steps) > 1 else 0.04
        ends = times + np.minimum(steps, max(usual_s, 0.04))
        pauses = holes(zip(self.shown, ends.tolist(), strict=True), total_s, EDGE_HOLE_S)
        return merged(within([*filter(self._is_hole, pauses), *self.lost], total_s), usual_s)

    def _is_hole(self, pause: tuple[float, float]) -> bool:
        if pause[0] == 0.0 or pause[1] >= self._found.duration_s or shared_s(pause, merged(self.lost)):
            return True
        silent = max((shared_s(pause, self._found.sound_holes(track)) for track in self._found.sound), default=0.0)
        length_s = pause[1] - pause[0]
        return length_s >= PICTURE_HOLE_S and silent >= ASLEEP * length_s

    def _packet(self, stream: av.VideoStream, packet: av.Packet[Any], shift_s: float) -> Iterator[Picture]:
        start_s = shifted(packet, shift_s)
        frames = decoded(packet)
        if frames is None:
            if start_s is not None:
                self.lost.append((start_s, start_s + float((packet.duration or 0) * packet.time_base)))
            return
        yield from self._risen(stream, frames)

    def _risen(self, stream: av.VideoStream, frames: Iterable[av.VideoFrame]) -> Iterator[Picture]:
        for frame in frames:
            at_s = time_s(frame, stream)
            if at_s is None or at_s < -1e-3 or (self.shown and at_s <= self.shown[-1]):
                continue
            self.shown.append(max(0.0, at_s))
            if self._is_due(at_s):
                yield self._upright(stream, frame)

    def _is_due(self, at_s: float) -> bool:
        """Whether a frame is among those that are wanted. Their times jitter, so a little early is not too early."""
        if not self._wanted.frame_rate_hz:
            return True
        step_s = 1 / self._wanted.frame_rate_hz
        if at_s < self._next_s - step_s / 4:
            return False
        self._next_s = max(self._next_s + step_s, at_s)
        return True

    def _upright(self, stream: av.VideoStream, frame: av.VideoFrame) -> Picture:
        wide, high = square(frame.width, frame.height, stream.sample_aspect_ratio)
        longest_px = LONG_SIDE_PX if frame.format.name in EIGHT_BIT else DEEP_SIDE_PX
        scale = min(1.0, longest_px / max(wide, high), (self._wanted.short_side_px or longest_px) / min(wide, high))
        width, height = (max(2, 2 * round(side * scale / 2)) for side in (wide, high))
        kept = frame
        if (frame.width, frame.height) != (width, height) or frame.format.name not in PLANES:
            kept = self._converter.reformat(frame, width, height, "yuv420p", interpolation="BILINEAR")
        way = orientation(frame)
        planes = tuple(way.applied(_rows(plane)) for plane in kept.planes)
        shown = (high, wide) if way.transposed else (wide, high)
        return Picture(self.shown[-1], shown, kept.format.name, int(kept.colorspace), planes)


def _rows(plane: VideoPlane) -> NDArray[np.uint8]:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
