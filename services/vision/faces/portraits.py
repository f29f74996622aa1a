"""Portraits on the wall: other faces whose picture stays as it is. Blinks, a mouth, a turning head would change it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from services.vision.faces.geometry import SAME_FACE_OVERLAP, Detection, overlap
from services.vision.model import Floats
from services.vision.picture.frames import Pixels

SIDE_PX = 24
"""Faces are compared at this size, at which the sensor's noise is averaged out."""
BLUR_PX, SLACK, LEAST_SLACK_PX = 1.0, 0.12, 3
"""How far a face is searched around its place, in face widths: a camera on a lap shakes."""
PORTRAIT_LOOKS, PORTRAIT_PERCENTILE, PORTRAIT_LIKENESS = 8, 20.0, 0.998
"""A portrait is as like its look before as this in four of five looks. In 8 looks and more: prints 0.9984 and more, at
100 kbit/s and in poor light too; people at most 0.9931, photographs that are made to move gently 0.9977."""
DRIFTED_LIKENESS = 0.990
"""What is less like the mean of its looks so far has moved, however slowly. Prints whose quality changes within a
recording: 0.990 to 0.994 for two or three looks; people at most 0.981 in four of five looks."""


class OtherFace:
    """The other face of one video from look to look."""

    def __init__(self) -> None:
        """Start before the first look."""
        self._place: Detection | None = None
        self._first: Pixels = np.zeros((0, 0), np.uint8)
        self._total: Floats = np.zeros(0)
        self._last: Floats = np.zeros(0)

    def likeness(self, rgb: Pixels, seen: Detection) -> float:
        """How much the face in a picture of shape (height, width, 3) is as it was, at most 1; NaN at its first look.

        As it was at its last look, since encoders change the quality of a whole recording from one picture to the next.
        Where it has drifted away from the mean of all its looks, as it is in the mean.
        """
        blurred = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), BLUR_PX)
        gray = np.asarray(blurred, np.uint8)
        if self._place is None or overlap(seen, self._place) < SAME_FACE_OVERLAP:
            self._place, self._first = seen, _part(gray, seen, 0)
            self._total = self._last = _print(self._first)
            return np.nan
        around = _part(gray, self._place, max(LEAST_SLACK_PX, round(SLACK * self._first.shape[1])))
        if min(self._first.shape) < 2 or any(a < b for a, b in zip(around.shape, self._first.shape, strict=True)):
            return np.nan
        found = _print(_aligned(around, self._first))
        mean = self._total / max(float(np.linalg.norm(self._total)), 1e-6)
        in_mean, at_last = float(mean @ found), float(self._last @ found)
        self._total, self._last = self._total + found, found
        return at_last if in_mean >= DRIFTED_LIKENESS else in_mean


def is_portrait(likeness: Floats) -> bool:
    """Whether a face with these likenesses at its looks, shape (n,), never moves by itself."""
    known = likeness[~np.isnan(likeness)]
    return len(known) >= PORTRAIT_LOOKS and float(np.percentile(known, PORTRAIT_PERCENTILE)) >= PORTRAIT_LIKENESS


def _part(gray: Pixels, place: Detection, slack_px: int) -> Pixels:
    height, width = gray.shape
    left, top = round(place.left * width), round(place.top * height)
    right, bottom = round((place.left + place.width) * width), round((place.top + place.height) * height)
    return gray[max(0, top - slack_px) : bottom + slack_px, max(0, left - slack_px) : right + slack_px]


def _aligned(around: Pixels, first: Pixels) -> Pixels:
    """The part of `around`, of the size of `first`, that is most like it."""
    x, y = cv2.minMaxLoc(cv2.matchTemplate(around, first, cv2.TM_CCOEFF_NORMED))[3]
    return around[y : y + first.shape[0], x : x + first.shape[1]]


def _print(part: NDArray[np.uint8]) -> Floats:
    """The face at one size with zero mean and unit length, shape (SIDE_PX * SIDE_PX,)."""
    if not part.size:
        return np.zeros(SIDE_PX * SIDE_PX)
    small = cv2.resize(part.astype(np.float32), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    level = np.asarray(small, np.float64).ravel()
    level -= level.mean()
    return level / max(float(np.linalg.norm(level)), 1e-6)
