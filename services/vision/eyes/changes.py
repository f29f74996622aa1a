"""Which skipped frames show other eyes than the landmarked frames around them: blinks too short to be met otherwise.

A patch of brightness around each eye is far cheaper than landmarks, and in a blink it looks like neither neighbour.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.vision.faces.geometry import LEFT_EYE, RIGHT_EYE, Face
from services.vision.picture.frames import Frame, Pixels

Patch = NDArray[np.float32]
WIDTH_PX, HEIGHT_PX, BANDS = 36, 20, 6
"""A patch is 36 by 20 pixels, averaged to 20 rows of 6 bands: eyelids move up and down."""
EYE_PX = 24
"""Width of the eye in its patch."""
CHANGED = 0.02
"""One minus the correlation of two patches. On made clips open eyes stay under 0.006 (95 %), the middle of blinks of
90 to 130 ms over 0.049 (95 %)."""
NOISE_FACTOR, NOISE_SAMPLES = 3.0, 60
"""Noisy pictures change more; only this many times the usual change counts."""
NEIGHBOUR_MAX_S = 0.4
"""Eyes are not followed over longer pauses between landmarks."""


@dataclass(frozen=True, slots=True)
class _Look:
    offset_s: float
    corners: NDArray[np.float32]
    """Both corners of both eyes as shares of the picture, shape (4, 2)."""
    patch: Patch


class EyeChanges:
    """Follows the eyes from one landmarked frame to the next; one object a video."""

    def __init__(self) -> None:
        """Start without a landmarked frame."""
        self._before: _Look | None = None
        self._usual: deque[float] = deque(maxlen=NOISE_SAMPLES)

    def between(self, skipped: Iterable[Frame], frame: Frame, face: Face | None) -> list[Frame]:
        """Those of `skipped` in which the eyes look different from both landmarked frames around them.

        `skipped` lie between the frame of the call before and `frame`, in which `face` was landmarked.
        """
        before, self._before = self._before, _look(frame, face) if face else None
        after = self._before
        if before is None or after is None or after.offset_s - before.offset_s > NEIGHBOUR_MAX_S:
            return []
        changes = [(_change(between, before, after), between) for between in skipped]
        limit = max(CHANGED, NOISE_FACTOR * float(np.median(self._usual))) if self._usual else CHANGED
        self._usual.extend(change for change, _ in changes)
        return [between for change, between in changes if change > limit]


def _look(frame: Frame, face: Face) -> _Look:
    points = face.points[[*RIGHT_EYE[:2], *LEFT_EYE[:2]], :2]
    corners = (points / (face.width_px, face.height_px)).astype(np.float32)
    return _Look(frame.offset_s, corners, _patch(frame, corners))


def _change(frame: Frame, before: _Look, after: _Look) -> float:
    share = (frame.offset_s - before.offset_s) / (after.offset_s - before.offset_s)
    patch = _patch(frame, (1 - share) * before.corners + share * after.corners)
    return 1.0 - float(max(patch @ before.patch, patch @ after.patch))


def _patch(frame: Frame, corners: NDArray[np.float32]) -> Patch:
    brightness = frame.luma()
    places = corners * (brightness.shape[1], brightness.shape[0])
    eyes = [_eye(brightness, places[i], places[i + 1]) for i in (0, 2)]
    return np.concatenate(eyes) / np.float32(np.sqrt(2))


def _eye(brightness: Pixels, corner_a: NDArray[np.float32], corner_b: NDArray[np.float32]) -> Patch:
    """One eye turned level, at one size, with zero mean and unit length, shape (HEIGHT_PX * BANDS,)."""
    line = corner_b - corner_a
    length = max(float(np.hypot(*line)), 1e-3)
    cosine, sine = line / length * (EYE_PX / length)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    shift = np.array([WIDTH_PX, HEIGHT_PX]) / 2 - turn @ ((corner_a + corner_b) / 2)
    affine = np.column_stack((turn, shift)).astype(np.float32)
    eye = cv2.warpAffine(brightness, affine, (WIDTH_PX, HEIGHT_PX), borderMode=cv2.BORDER_REPLICATE)
    bands = cv2.resize(eye, (BANDS, HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    level: Patch = bands - bands.mean()
    return level / np.float32(max(float(np.linalg.norm(level)), 1e-6))
