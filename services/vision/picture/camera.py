"""What the camera itself does: black or frozen pictures."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.vision.model import EventKind, Flags, VisionEvent
from services.vision.picture.frames import Pixels
from services.vision.runs import joined_runs, runs, span
from services.vision.series import Camera, Series
from services.vision.settings import Limits

# Measured on development recordings, on brightness 0 to 255 of a picture an eighth as large.
SHRINK = 8
"""Brightness is looked at in a picture so many times smaller."""
BLACK_MEAN, BLACK_DEVIATION = 24.0, 8.0
"""A black picture is darker and more even: limited-range black is 16, noise adds 2."""
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
"""Not calibrated."""
BLUR_PX = 9
"""Length of the blur that is compared with, as published."""
QUALITY_GAP_S = 1.1
"""Shorter pauses do not divide a span of poor quality."""


@dataclass(frozen=True, slots=True)
class Brightness:
    """Brightness of one picture."""

    mean: float
    deviation: float
    difference: float
    """Mean absolute change against the frame before; infinite for the first."""
    bright: float
    """Brightness that a tenth of the picture is over."""


def small_luma(rgb: Pixels) -> Pixels:
    """Brightness of a picture of shape (height, width, 3), an eighth as large: noise of the sensor averages out."""
    size = max(1, rgb.shape[1] // SHRINK), max(1, rgb.shape[0] // SHRINK)
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small).astype(np.uint8, copy=False)


def brightness(luma: Pixels, before: Pixels | None) -> Brightness:
    """Of a small brightness picture, with the change since the one before."""
    change = np.inf
    if before is not None and before.shape == luma.shape:
        change = float(np.abs(luma.astype(np.int16) - before.astype(np.int16)).mean())
    place = round(BRIGHT_PERCENTILE / 100 * (luma.size - 1))
    bright = float(np.partition(luma, place, axis=None)[place])  # a tenth of the time of a percentile
    return Brightness(float(luma.mean()), float(luma.std()), change, bright)


def camera_events(series: Series, limits: Limits) -> list[VisionEvent]:
    """Black pictures, and pictures that do not change while they are not black.

    A pause of `camera_frozen_min_s` between two frames is a frozen picture too: that is how browsers record one.
    """
    camera, end_s = series.camera, series.video.duration_s
    black = _black(camera)
    ahead = np.append(np.diff(camera.offset_s), end_s - camera.offset_s[-1]) if len(camera.offset_s) else np.zeros(0)
    unchanged = np.append(camera.difference[1:], np.inf) < FROZEN_DIFFERENCE
    still = (unchanged | (ahead >= limits.camera_frozen_min_s)) & ~black
    found = _events(EventKind.CAMERA_BLACK, black, series, limits.camera_black_min_s)
    return found + _events(EventKind.CAMERA_FROZEN, still, series, limits.camera_frozen_min_s)


def quality_events(series: Series, limits: Limits) -> list[VisionEvent]:
    """Spans in which the picture is dark, the face blurred or small, or frames are few."""
    camera, seen, rates = series.camera, series.detections, series.frames_per_second
    dark = (camera.bright < DARK_BRIGHT) & ~_black(camera)
    usual = float(np.median(rates[rates > 0])) if rates.any() else 0.0
    slow = rates < min(LOW_RATE_HZ, LOW_SHARE * usual)
    seconds = np.arange(len(rates), dtype=np.float64)
    found = (
        (EventKind.CAMERA_DARK, dark, camera.offset_s),
        (EventKind.CAMERA_BLURRED, seen.main_blur > BLURRED, seen.offset_s),
        (EventKind.CAMERA_FAR, seen.main_width < FAR_WIDTH, seen.offset_s),
        (EventKind.CAMERA_SLOW, slow, seconds),
    )
    end_s, min_s = series.video.duration_s, limits.camera_quality_min_s
    return [
        VisionEvent(kind, when, (when.start_s + when.end_s) / 2, 1.0, QUALITY_CONFIDENCE)
        for kind, flags, offset_s in found
        for run in joined_runs(flags, offset_s, QUALITY_GAP_S)
        if (when := span(run, offset_s, end_s)).duration_s >= min_s
    ]


def blur(luma: Pixels) -> float:
    """How blurred a brightness picture of shape (height, width) is, 0 to 1: blurring it again changes it little.

    Crété-Roffet and others 2007, the larger of both directions.
    """
    picture = luma.astype(np.float32)
    return max(_blur_along(picture, 0), _blur_along(picture, 1))


def _blur_along(picture: NDArray[np.float32], axis: int) -> float:
    again = cv2.blur(picture, (1, BLUR_PX) if axis == 0 else (BLUR_PX, 1))
    steps, soft = (np.abs(np.diff(each, axis=axis)) for each in (picture, np.asarray(again)))
    return 1.0 - float(np.maximum(0.0, steps - soft).sum() / max(float(steps.sum()), 1e-6))


def _black(camera: Camera) -> Flags:
    return (camera.mean < BLACK_MEAN) & (camera.deviation < BLACK_DEVIATION)


def _events(kind: EventKind, flags: Flags, series: Series, min_s: float) -> list[VisionEvent]:
    offset_s = series.camera.offset_s
    return [
        VisionEvent(kind, when, float(offset_s[(run.first + run.last) // 2]), 1.0, 1.0)
        for run in runs(flags)
        if (when := span(run, offset_s, series.video.duration_s)).duration_s >= min_s
    ]
