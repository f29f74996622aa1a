"""How a stored picture is to be shown: turned, mirrored, and with pixels that are not square."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.sidedata.sidedata import SideData, Type
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
MOST_STRETCHED = 4
"""Pixels that claim to be longer than this times their other side are taken as square."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight ways to lay a picture: first transposed, then mirrored along either axis."""

    transposed: bool = False
    left_right: bool = False
    upside_down: bool = False

    def applied(self, plane: Plane) -> Plane:
        """A view of a plane of shape (height, width, ...) as it is to be shown."""
        if self.transposed:
            plane = plane.swapaxes(0, 1)
        return plane[:: -1 if self.upside_down else 1, :: -1 if self.left_right else 1]


def orientation(frame: av.VideoFrame) -> Orientation:
    """What the display matrix says, to the nearest quarter turn.

    The matrix takes a stored point (x, y) to (a x + c y, b x + d y), y pointing down (ISO/IEC 14496-12, 6.2.2).
    """
    # The library's types say that iterating gives names; it gives the data.
    for data in cast(Iterable[SideData], frame.side_data):
        if data.type == Type.DISPLAYMATRIX:
            a, b, _, c, d = struct.unpack("=5i", bytes(data)[:20])
            if abs(a) + abs(d) >= abs(b) + abs(c):
                return Orientation(False, a < 0, d < 0)
            return Orientation(True, c < 0, b < 0)
    return Orientation()


def square(width: int, height: int, pixel: Fraction | None) -> tuple[int, int]:
    """The size of a stored picture in square pixels, none lost; `pixel` is the width of one over its height."""
    if not pixel or not Fraction(1, MOST_STRETCHED) <= pixel <= MOST_STRETCHED:
        return width, height
    return (round(width * pixel), height) if pixel > 1 else (width, round(height / pixel))
