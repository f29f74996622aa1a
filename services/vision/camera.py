"""What the camera itself does: black or frozen pictures."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.vision.frames import Pixels
from services.vision.model import Event, EventKind, Floats
from services.vision.runs import Run, runs, span

# Measured on development recordings, on brightness 0 to 255 of a picture an eighth as large.
SHRINK = 8
BLACK_MEAN, BLACK_DEVIATION = 24.0, 8.0
FROZEN_DIFFERENCE = 0.02
"""Mean absolute change between two looks; a live sensor's noise alone is above it."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Brightness of the frames looked at, each of shape (n,)."""

    offset_s: Floats
    mean: Floats
    deviation: Floats
    difference: Floats
    """Mean absolute change against the frame before; infinite for the first."""


def small_luma(rgb: Pixels) -> Pixels:
    """Brightness of a picture of shape (height, width, 3), an eighth as large: noise of the sensor averages out."""
    size = max(1, rgb.shape[1] // SHRINK), max(1, rgb.shape[0] // SHRINK)
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small).astype(np.uint8, copy=False)


def brightness(luma: Pixels, before: Pixels | None) -> tuple[float, float, float]:
    """Mean, deviation and mean absolute change of a small brightness picture, shape (height, width)."""
    change = np.inf
    if before is not None and before.shape == luma.shape:
        change = float(np.abs(luma.astype(np.int16) - before.astype(np.int16)).mean())
    return float(luma.mean()), float(luma.std()), change


def camera_events(camera: Camera, *, black_min_s: float, frozen_min_s: float, end_s: float) -> list[Event]:
    """Black pictures, and pictures that do not change while they are not black.

    A pause of `frozen_min_s` between two frames is a frozen picture too: that is how browsers record one.
    """
    black = (camera.mean < BLACK_MEAN) & (camera.deviation < BLACK_DEVIATION)
    ahead = np.append(np.diff(camera.offset_s), end_s - camera.offset_s[-1]) if len(camera.offset_s) else np.zeros(0)
    still = (np.append(camera.difference[1:], np.inf) < FROZEN_DIFFERENCE) | (ahead >= frozen_min_s)
    found = _events(EventKind.CAMERA_BLACK, black, camera, black_min_s, end_s)
    return found + _events(EventKind.CAMERA_FROZEN, still & ~black, camera, frozen_min_s, end_s)


def _events(kind: EventKind, flags: NDArray[np.bool_], camera: Camera, min_s: float, end_s: float) -> list[Event]:
    return [
        Event(kind, when, _middle_s(run, camera), 1.0, 1.0)
        for run in runs(flags)
        if (when := span(run, camera.offset_s, end_s)).duration_s >= min_s
    ]


def _middle_s(run: Run, camera: Camera) -> float:
    return float(camera.offset_s[(run.first + run.last) // 2])
