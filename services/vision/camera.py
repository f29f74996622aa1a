"""What the camera itself does: black or frozen pictures."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from servicekit.wire import Span
from services.vision.frames import Pixels
from services.vision.model import Event, EventKind, Floats
from services.vision.presence import Detections
from services.vision.runs import Run, joined_runs, runs, span

# Measured on development recordings, on brightness 0 to 255 of a picture an eighth as large.
SHRINK = 8
BLACK_MEAN, BLACK_DEVIATION = 24.0, 8.0
FROZEN_DIFFERENCE = 0.02
"""Mean absolute change between two looks; a live sensor's noise alone is above it."""
BRIGHT_PERCENTILE, DARK_BRIGHT = 90.0, 60.0
"""A picture is dark when even its brightest tenth is under this: a lit face before a dark wall is not."""
BLURRED = 0.60
"""Blur of the face from which on it is blurred: sharp and noisy ones have 0.32 to 0.46, strongly blurred ones 0.74."""
FAR_WIDTH = 0.12
"""Width of the face as a share of the picture's long side under which the landmarker begins to miss faces."""
LOW_RATE_HZ, LOW_SHARE = 10.0, 0.5
"""A second has too few frames under both this rate and this share of the usual one."""
QUALITY_CONFIDENCE = 0.9
QUALITY_GAP_S = 1.1
"""Shorter pauses do not divide a span of poor quality."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Brightness of the frames looked at, each of shape (n,)."""

    offset_s: Floats
    mean: Floats
    deviation: Floats
    difference: Floats
    """Mean absolute change against the frame before; infinite for the first."""
    bright: Floats
    """Brightness that a tenth of the picture is over."""


def small_luma(rgb: Pixels) -> Pixels:
    """Brightness of a picture of shape (height, width, 3), an eighth as large: noise of the sensor averages out."""
    size = max(1, rgb.shape[1] // SHRINK), max(1, rgb.shape[0] // SHRINK)
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small).astype(np.uint8, copy=False)


def brightness(luma: Pixels, before: Pixels | None) -> tuple[float, float, float, float]:
    """Mean, deviation, mean absolute change and 90th percentile of a small brightness picture."""
    change = np.inf
    if before is not None and before.shape == luma.shape:
        change = float(np.abs(luma.astype(np.int16) - before.astype(np.int16)).mean())
    return float(luma.mean()), float(luma.std()), change, float(np.percentile(luma, BRIGHT_PERCENTILE))


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


def quality_events(
    camera: Camera, seen: Detections, frames_per_second: NDArray[np.int64], *, min_s: float, end_s: float
) -> list[Event]:
    """Spans of at least `min_s` seconds in which the picture is dark, the face blurred or small, or frames are few."""
    black = (camera.mean < BLACK_MEAN) & (camera.deviation < BLACK_DEVIATION)
    dark = (camera.bright < DARK_BRIGHT) & ~black
    usual = float(np.median(frames_per_second)) if len(frames_per_second) else 0.0
    slow = frames_per_second < min(LOW_RATE_HZ, LOW_SHARE * usual)
    seconds = np.arange(len(frames_per_second), dtype=np.float64)
    return [
        *_lasting(EventKind.CAMERA_DARK, dark, camera.offset_s, min_s, end_s),
        *_lasting(EventKind.CAMERA_BLURRED, seen.main_blur > BLURRED, seen.offset_s, min_s, end_s),
        *_lasting(EventKind.CAMERA_FAR, seen.main_width < FAR_WIDTH, seen.offset_s, min_s, end_s),
        *_lasting(EventKind.CAMERA_SLOW, slow, seconds, min_s, end_s),
    ]


def blur(luma: Pixels) -> float:
    """How blurred a brightness picture of shape (height, width) is, 0 to 1: blurring it again changes it little.

    Crété-Roffet and others 2007, the larger of both directions.
    """
    picture = luma.astype(np.float32)
    return max(_blur_along(picture, 0), _blur_along(picture, 1))


def _blur_along(picture: NDArray[np.float32], axis: int) -> float:
    again = cv2.blur(picture, (1, 9) if axis == 0 else (9, 1))
    steps, soft = (np.abs(np.diff(each, axis=axis)) for each in (picture, np.asarray(again)))
    return 1.0 - float(np.maximum(0.0, steps - soft).sum() / max(float(steps.sum()), 1e-6))


def _lasting(kind: EventKind, flags: NDArray[np.bool_], offset_s: Floats, min_s: float, end_s: float) -> list[Event]:
    found = [span(run, offset_s, end_s) for run in joined_runs(flags, offset_s, QUALITY_GAP_S)]
    return [_quality_event(kind, when) for when in found if when.duration_s >= min_s]


def _quality_event(kind: EventKind, when: Span) -> Event:
    return Event(kind, when, (when.start_s + when.end_s) / 2, 1.0, QUALITY_CONFIDENCE)
