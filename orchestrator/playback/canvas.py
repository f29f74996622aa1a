"""Pictures of any shape in frames of one: a browser's recording may change its size while it goes on."""

from __future__ import annotations

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from servicekit.decoding import Picture

BLACK = (16, 128, 128)
"""Brightness and both colours."""


class Canvas:
    """Frames of `width` by `height` pixels, both even; what has another shape is laid into the middle of black."""

    def __init__(self, width: int, height: int) -> None:
        """Nothing is laid yet."""
        self._width, self._height, self._converter = width, height, VideoReformatter()

    def laid(self, picture: Picture) -> av.VideoFrame:
        """The picture as a frame in `yuv420p`."""
        frame = picture.frame()
        scale = min(self._width / frame.width, self._height / frame.height)
        width, height = (max(2, 2 * round(side * scale / 2)) for side in (frame.width, frame.height))
        width, height = min(width, self._width), min(height, self._height)
        if (frame.width, frame.height, frame.format.name) != (width, height, "yuv420p"):
            frame = self._converter.reformat(frame, width, height, "yuv420p", interpolation="BILINEAR")
        return frame if (width, height) == (self._width, self._height) else self._bordered(frame)

    def _bordered(self, frame: av.VideoFrame) -> av.VideoFrame:
        made = av.VideoFrame(self._width, self._height, "yuv420p")
        for plane, source, shade in zip(made.planes, frame.planes, BLACK, strict=True):
            whole, part = _rows(plane), _rows(source)
            whole[:] = shade
            top, left = (whole.shape[0] - part.shape[0]) // 2, (whole.shape[1] - part.shape[1]) // 2
            whole[top : top + part.shape[0], left : left + part.shape[1]] = part
        return made


def _rows(plane: av.video.plane.VideoPlane) -> NDArray[np.uint8]:
    """A view of a plane, shape (height, width)."""
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
