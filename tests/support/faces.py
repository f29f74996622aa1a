"""A moving portrait for tests: the public-domain portrait of scikit-image, with eyelids that close at known times."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

Pixels = NDArray[np.uint8]

BLINK_S = 0.2
SIZE_PX = (480, 360)
# Columns, then rows of the brow, the upper and the lower lid over these columns, read off the scaled portrait.
_EYES = (
    ((162, 167, 173, 179, 184), (111, 110, 111, 112, 113), (121, 117, 117, 119, 124), (121, 125, 126, 126, 124)),
    ((212, 217, 224, 230, 235), (114, 113, 113, 113, 113), (126, 121, 119, 120, 125), (126, 128, 129, 129, 125)),
)


def talking_portrait(closed_at_s: tuple[float, ...]) -> Callable[[float], Pixels]:
    """Pictures of shape (360, 480, 3): the head sways a little, the eyes are closed around the given times."""
    portrait = data.astronaut()[0:300, 60:460]  # type: ignore[no-untyped-call]
    base = np.asarray(cv2.resize(portrait, SIZE_PX, interpolation=cv2.INTER_CUBIC)).astype(np.uint8)
    return lambda time_s: _noisy(_swayed(_lidded(base, _closure(time_s, closed_at_s)), time_s), time_s)


def _closure(time_s: float, closed_at_s: tuple[float, ...]) -> float:
    """How far the eyes are closed, 0 to 1: linear down and up around each time."""
    nearest_s = min((abs(time_s - at_s) for at_s in closed_at_s), default=1.0)
    return float(np.clip(2 * (1 - nearest_s / (BLINK_S / 2)), 0.0, 1.0))


def _lidded(picture: Pixels, closure: float) -> Pixels:
    """The picture with the skin between brow and upper lid stretched down over the eyes."""
    columns, rows = np.meshgrid(np.arange(SIZE_PX[0]), np.arange(SIZE_PX[1]))
    source = rows.astype(np.float32)
    for xs, brow, upper, lower in _EYES:
        for x in range(xs[0], xs[-1] + 1):
            top, lid, bottom = (float(np.interp(x, xs, line)) for line in (brow, upper, lower))
            moved = lid + closure * (bottom - lid)
            y = np.arange(round(top), round(bottom) + 1)
            source[y, x] = np.interp(y, (top, moved, bottom + 0.5), (top, lid, bottom + 0.5))
    return np.asarray(cv2.remap(picture, columns.astype(np.float32), source, cv2.INTER_LINEAR), np.uint8)


def _swayed(picture: Pixels, time_s: float) -> Pixels:
    turn = cv2.getRotationMatrix2D((200, 150), 2 * np.sin(1.1 * time_s), 1.0)
    turn[:, 2] += (4 * np.sin(0.9 * time_s), 3 * np.sin(1.7 * time_s))
    return np.asarray(cv2.warpAffine(picture, turn, SIZE_PX, borderMode=cv2.BORDER_REFLECT), np.uint8)


def _noisy(picture: Pixels, time_s: float) -> Pixels:
    random = np.random.default_rng(round(time_s * 1000))
    return np.clip(picture + random.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)
