"""Small pictures of eyes and mouth, turned level and at one size: far cheaper to compare than landmarks are to find."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from services.vision.faces.geometry import LEFT_EYE, MOUTH_CORNERS, RIGHT_EYE, Face
from services.vision.picture.frames import Pixels

Corners = NDArray[np.float32]
"""Both corners of both eyes and of the mouth as shares of the picture, shape (6, 2)."""
Patch = NDArray[np.float32]
"""Brightness with zero mean and unit length: the product of two is their correlation."""
EYE_SIZE_PX, EYE_ROWS = (36, 20), 20
MOUTH_SIZE_PX, MOUTH_ROWS = (36, 36), 18
BANDS, CORNERS_APART_PX = 6, 24
"""Size of a patch in pixels, averaged to so many rows of 6 bands, since lids and lips move up and down; and how far the
corners of an eye or the mouth are apart in it."""


def corners(face: Face) -> Corners:
    """Where the eyes and the mouth of a face are."""
    points = face.points[[*RIGHT_EYE[:2], *LEFT_EYE[:2], *MOUTH_CORNERS], :2]
    return (points / (face.width_px, face.height_px)).astype(np.float32)


def eyes(luma: Pixels, where: Corners) -> Patch:
    """Both eyes in a brightness picture of shape (height, width), shape (240,)."""
    places = where * np.array(luma.shape[::-1], np.float32)
    both = [_level(luma, places[i], places[i + 1], EYE_SIZE_PX, EYE_ROWS) for i in (0, 2)]
    return np.concatenate(both) / np.float32(np.sqrt(2))


def mouth(luma: Pixels, where: Corners) -> Patch:
    """The mouth and the chin under it, shape (108,)."""
    places = where * np.array(luma.shape[::-1], np.float32)
    return _level(luma, places[4], places[5], MOUTH_SIZE_PX, MOUTH_ROWS)


def _level(luma: Pixels, a: Corners, b: Corners, size_px: tuple[int, int], rows: int) -> Patch:
    line = b - a
    length = max(float(np.hypot(*line)), 1e-3)
    cosine, sine = line / length * (CORNERS_APART_PX / length)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    shift = np.array(size_px) / 2 - turn @ ((a + b) / 2)
    affine = np.column_stack((turn, shift)).astype(np.float32)
    part = cv2.warpAffine(luma, affine, size_px, borderMode=cv2.BORDER_REPLICATE)
    bands = cv2.resize(part, (BANDS, rows), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    level: Patch = bands - bands.mean()
    return level / np.float32(max(float(np.linalg.norm(level)), 1e-6))
