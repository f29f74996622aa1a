"""Video frames on the recording's clock, and the choice of the track that shows a face."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from servicekit.decoding import Picture, PictureReader
from servicekit.errors import media_unreadable
from servicekit.recording.limits import DEFAULT, Limits
from servicekit.wire import Span, Track

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; pixels are converted only when asked for. `offset_s` counts on the recording's clock."""

    offset_s: float
    picture: Picture
    long_side_px: int
    converter: VideoReformatter = field(default_factory=VideoReformatter)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright picture at full size."""
        return self.picture.size_px

    def rgb(self) -> Pixels:
        """The upright picture, shape (height, width, 3), long side at most `long_side_px`.

        The faster interpolation skips pixels, and small faces with them.
        """
        high, wide = self.picture.shape
        scale = min(1.0, self.long_side_px / max(wide, high))
        width, height = (max(2, round(side * scale)) for side in (wide, high))
        converted = self.converter.reformat(self.picture.frame(), width, height, "rgb24", interpolation="BILINEAR")
        return np.ascontiguousarray(converted.to_ndarray().astype(np.uint8, copy=False))

    def luma(self) -> Pixels:
        """Brightness of the upright picture, shape (height, width): a view, at most 1920 pixels long."""
        return self.picture.luma()


class Footage:
    """The frames of one recording's picture, and what it is; a context manager's `closing` ends the decoding."""

    def __init__(self, path: Path, *, long_side_px: int, threads: int = 1, limits: Limits = DEFAULT) -> None:
        """Look into the file. Raises NO_VIDEO_STREAM, MEDIA_UNREADABLE."""
        self._long_side_px = long_side_px
        self._reader = PictureReader(path, threads, limits)
        self.duration_s = self._reader.probe.duration_s
        """Length of the whole recording, its sound included, seconds."""
        self.track: Track = self._reader.probe.pictures[0]
        """The track that is watched."""

    def close(self) -> None:
        """End the decoding."""
        self._reader.close()

    @property
    def missing(self) -> tuple[Span, ...]:
        """Where there is no picture; known after the last frame."""
        return self._reader.missing

    def choose(self, faces: Callable[[Pixels], int]) -> None:
        """Take the track that shows faces most often: people record their screen beside the camera.

        `faces` counts those in a picture of shape (height, width, 3). Without any the first track is taken.
        """
        tracks = self._reader.probe.pictures
        if len(tracks) < 2:
            return
        seen: Counter[int] = Counter()
        for place, picture in self._reader.looks():
            seen[place] += faces(self._frame(picture, VideoReformatter()).rgb()) > 0
        best = max(range(len(tracks)), key=lambda place: (seen[place], -place))
        self._reader.choose(best)
        self.track = replace(tracks[best], why="face") if seen[best] else tracks[best]

    def frames(self) -> Iterator[Frame]:
        """All frames; `choose` is called before. Raises MEDIA_UNREADABLE where there are none."""
        converter, found = VideoReformatter(), False
        for picture in self._reader.pictures():
            found = True
            yield self._frame(picture, converter)
        if not found:
            raise media_unreadable("its picture track is empty")

    def _frame(self, picture: Picture, converter: VideoReformatter) -> Frame:
        return Frame(picture.offset_s, picture, self._long_side_px, converter)


def frames(path: Path, *, long_side_px: int, threads: int) -> Iterator[Frame]:
    """The frames of the first picture track. Raises NO_VIDEO_STREAM, MEDIA_UNREADABLE."""
    with closing(Footage(path, long_side_px=long_side_px, threads=threads)) as footage:
        footage.choose(lambda _rgb: 0)
        yield from footage.frames()
