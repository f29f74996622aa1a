"""How far a face strays from itself once it is laid onto its place: a print moves as a whole, people do not."""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from services.vision.faces.geometry import Face
from services.vision.model import Floats
from services.vision.picture.frames import Pixels

WINDOW_S, STEP_S, PAUSE_S = 8.0, 1.0, 1.0
"""Time over which a face is compared with its mean, time between two comparisons, and the pause that ends a window."""
SIDE_PX, FINENESS, BLUR_PX = 36, 4, 2.0
"""Side of the small picture of a face, how many times larger it is cut out, and how that is blurred: noise and what a
fraction of a pixel does to sharp edges average out."""
MESH = 468
"""Landmarks without the irises."""
BENT = 0.025
"""Distance of the landmarks from the nearest shift, turn, stretch and shear of the first ones, in face sizes: on
prints under 0.011, in real clips of people 0.030 and more. A face so bent begins anew."""
PERCENTILE = 80.0
"""Four of five pictures are nearer: encoders change the quality for moments."""
ZONES = ((0.62, 0.92, 0.25, 0.75), (0.22, 0.45, 0.12, 0.88), (0.05, 0.95, 0.12, 0.88))
"""Top, bottom, left and right of the mouth, of the eyes and of the whole, in face sizes."""
Small = NDArray[np.float32]
"""Brightness of a face, shape (SIDE_PX, SIDE_PX); of several (n, SIDE_PX, SIDE_PX)."""
Lay = NDArray[np.float32]
"""From places in a picture to places in the face, shape (2, 3)."""


class FaceStray:
    """The candidate's face of one video from look to look."""

    def __init__(self) -> None:
        """Start before the first look."""
        self._first: Floats = np.zeros((0, 2))
        self._taken: deque[tuple[float, Small]] = deque()
        self._due_s = 0.0

    def look(self, offset_s: float, luma: Pixels, face: Face) -> tuple[float, float] | None:
        """The middle of the last eight seconds and how far the face strayed in them, in face sizes.

        `luma` has shape (height, width). None while the landmarks have moved as a whole for less than eight seconds,
        and within a second of the answer before.
        """
        places = face.points[:MESH, :2] / (face.width_px, face.height_px) * luma.shape[::-1]
        if not self._taken or offset_s - self._taken[-1][0] > PAUSE_S:
            self._begin(offset_s, places)
        lay, bent = _laid(places, self._first)
        if bent > BENT:
            self._begin(offset_s, places)
            lay, _ = _laid(places, self._first)
        self._taken.append((offset_s, _small(luma, lay)))
        while self._taken[0][0] < offset_s - WINDOW_S:
            self._taken.popleft()
        if offset_s < self._due_s:
            return None
        self._due_s = offset_s + STEP_S
        return offset_s - WINDOW_S / 2, stray(np.array([small for _, small in self._taken]))

    def _begin(self, offset_s: float, places: Floats) -> None:
        low, high = places.min(axis=0), places.max(axis=0)
        self._first = (places - low) / np.maximum(high - low, 1e-6)
        self._taken.clear()
        self._due_s = offset_s + WINDOW_S


def stray(small: Small) -> float:
    """How far the most restless zone strays from the mean of the pictures, shape (n, SIDE_PX, SIDE_PX), in face sizes.

    What a small shift, turn, stretch or shear and a change of the light explain is taken out. The rest over the
    steepness of the mean picture is a way: noise, contrast and sharpness of a recording weigh little.
    """
    mean = small.mean(axis=0)
    down, across = np.gradient(mean)
    left = _unexplained((small - mean).reshape(len(small), -1), _explained(mean, down, across)).reshape(small.shape)
    steepness = (down**2 + across**2) / 2
    return max(_way(left[:, rows, columns], steepness[rows, columns]) for rows, columns in map(_zone, ZONES))


def _way(left: Small, steepness: Small) -> float:
    squares = np.percentile((left**2).mean(axis=(1, 2)), PERCENTILE)
    return float(np.sqrt(squares / max(float(steepness.mean()), 1e-6))) / SIDE_PX


def _zone(sides: tuple[float, float, float, float]) -> tuple[slice, slice]:
    top, bottom, left, right = (int(side * SIDE_PX) for side in sides)
    return slice(top, bottom), slice(left, right)


def _explained(mean: Small, down: Small, across: Small) -> Small:
    """What moves and light do to a picture at first order, each of unit length, shape (10, SIDE_PX * SIDE_PX)."""
    y, x = (np.mgrid[:SIDE_PX, :SIDE_PX] / SIDE_PX - 0.5).astype(np.float32)
    moves = [across, down, x * across, y * across, x * down, y * down]
    light = [np.ones_like(mean), mean, x, y]
    rows = np.stack([each.ravel() for each in (*light, *moves)])
    return np.asarray(rows / np.maximum(np.sqrt((rows**2).sum(axis=1, keepdims=True)), 1e-6), np.float32)


def _unexplained(left: Small, explained: Small) -> Small:
    """What no sum of the explained rows gives. `einsum`, since BLAS starts threads for so much, which cost more."""
    alike = np.einsum("ik,jk->ij", explained, explained)
    shares = np.linalg.lstsq(alike, np.einsum("ik,nk->in", explained, left), rcond=1e-5)[0].astype(np.float32)
    return np.asarray(left - np.einsum("in,ik->nk", shares, explained), np.float32)


def _laid(places: Floats, first: Floats) -> tuple[Lay, float]:
    """The affine move from places, shape (n, 2), onto the first ones, and how far they are off them after it."""
    ahead = np.column_stack((places, np.ones(len(places))))
    move = np.linalg.lstsq(ahead, first, rcond=None)[0]
    off = ahead @ move - first
    return np.asarray(move.T, np.float32), float(np.sqrt((off**2).sum(axis=1).mean()))


def _small(luma: Pixels, lay: Lay) -> Small:
    side_px = SIDE_PX * FINENESS
    large = cv2.warpAffine(luma, side_px * lay, (side_px, side_px), borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(large.astype(np.float32), (0, 0), BLUR_PX)
    return np.asarray(cv2.resize(soft, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA), np.float32)
