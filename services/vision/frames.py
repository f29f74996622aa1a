"""Upright video frames with their own time stamps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from servicekit.decoding import open_video
from servicekit.errors import media_unreadable, no_video_stream

Pixels = NDArray[np.uint8]
PLANAR_8_BIT = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12")
"""Formats whose first plane is the brightness, a byte a pixel."""
LUMA_SIDE_PX = 1280
"""Telephones record 4K with 10 bits; converting whole pictures of that size would cost more than everything else."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame; pixels are converted only when asked for. `offset_s` counts from the first frame."""

    offset_s: float
    picture: av.VideoFrame
    long_side_px: int
    converter: VideoReformatter = field(default_factory=VideoReformatter)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright picture at full size."""
        width, height = self.picture.width, self.picture.height
        return (height, width) if _quarter_turns(self.picture) % 2 else (width, height)

    def rgb(self) -> Pixels:
        """The upright picture, shape (height, width, 3), long side at most `long_side_px`.

        The faster interpolation skips pixels, and small faces with them.
        """
        scale = min(1.0, self.long_side_px / max(self.picture.width, self.picture.height))
        return self._pixels("rgb24", scale, "BILINEAR")

    def luma(self) -> Pixels:
        """Brightness of the upright picture, shape (height, width).

        A view at full size where the format allows it, else made smaller: long side at most `LUMA_SIDE_PX`.
        """
        if self.picture.format.name not in PLANAR_8_BIT:
            scale = min(1.0, LUMA_SIDE_PX / max(self.picture.width, self.picture.height))
            return self._pixels("gray", scale, "FAST_BILINEAR")
        plane = self.picture.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        upright = np.rot90(rows[: plane.height, : plane.width], _quarter_turns(self.picture))
        return upright if upright.flags.c_contiguous or upright.strides[1] == 1 else np.ascontiguousarray(upright)

    def _pixels(self, format_name: str, scale: float, interpolation: str) -> Pixels:
        width, height = (max(2, round(side * scale)) for side in (self.picture.width, self.picture.height))
        converted = self.converter.reformat(self.picture, width, height, format_name, interpolation=interpolation)
        pixels = converted.to_ndarray().astype(np.uint8, copy=False)
        return np.ascontiguousarray(np.rot90(pixels, _quarter_turns(self.picture)))


def frames(path: Path, *, long_side_px: int, threads: int) -> Iterator[Frame]:
    """Decode the first video track. Frames whose time does not rise are left out.

    A track that breaks off gives what was decoded before the break. Raises NO_VIDEO_STREAM, MEDIA_UNREADABLE.
    """
    converter, first_s, last_s = VideoReformatter(), None, -1.0
    for picture in _pictures(path, threads):
        if picture.time is None:
            continue
        first_s = picture.time if first_s is None else first_s
        offset_s = picture.time - first_s
        if offset_s > last_s:
            last_s = offset_s
            yield Frame(offset_s, picture, long_side_px, converter)
    if first_s is None:
        raise media_unreadable("its picture track is empty")


def video_duration_s(path: Path) -> float:
    """Length of the first video track in seconds by its packets' time stamps; 0 when they have none."""
    with open_video(path) as container:
        start_s, end_s = float("inf"), 0.0
        for packet in container.demux(_track(container)):
            if packet.pts is not None and packet.time_base is not None:
                start_s = min(start_s, float(packet.pts * packet.time_base))
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        return max(0.0, end_s - start_s)


def _pictures(path: Path, threads: int) -> Iterator[av.VideoFrame]:
    started = False
    with open_video(path) as container:
        track = _track(container)
        track.codec_context.thread_count = threads
        try:
            for picture in container.decode(track):
                started = True
                yield picture
        except (av.error.FFmpegError, ValueError) as error:
            if not started:
                raise media_unreadable(f"its picture track is broken ({type(error).__name__})") from None


def _track(container: av.container.InputContainer) -> av.VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:  # a cover of a sound file is no video
            return stream
    raise no_video_stream()


def _quarter_turns(picture: av.VideoFrame) -> int:
    # Cameras store portrait pictures lying down and say in the metadata how to turn them, counter-clockwise.
    return round(picture.rotation / 90) % 4
