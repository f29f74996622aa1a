from __future__ import annotations

import cv2
import numpy as np
import pytest

from servicekit.wire import Span
from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.picture.camera import Brightness, blur, brightness, camera_events, quality_events, small_luma
from services.vision.series import Camera, Detections
from tests.support.media import noise
from tests.support.vision import LIMITS, detections, series
from tests.support.vision import camera as filmed


def camera(mean: Floats, difference: Floats, times: Floats | None = None) -> Camera:
    steady = np.asarray(np.arange(len(mean)) * 0.1, np.float64)
    return filmed(steady if times is None else times, mean=mean, difference=difference, bright=mean + 50)


def found(seen: Camera, end_s: float) -> list[VisionEvent]:
    return camera_events(series(filmed=seen, end_s=end_s), LIMITS)


def test_small_luma() -> None:
    assert small_luma(np.full((48, 64, 3), 10, np.uint8)).tolist() == [[10] * 8] * 6


def test_brightness() -> None:
    dark, light = np.full((4, 6), 10, np.uint8), np.full((4, 6), 14, np.uint8)
    assert brightness(dark, None) == Brightness(10, 0, np.inf, 10)
    assert brightness(light, dark) == Brightness(14, 0, 4, 14)
    assert brightness(light, dark[:2]) == Brightness(14, 0, np.inf, 14)


def test_a_black_picture() -> None:
    mean = np.full(50, 100.0)
    mean[20:30] = 16
    (event,) = found(camera(mean, np.full(50, 1.0)), 5.0)
    assert (event.kind, event.span) == (EventKind.CAMERA_BLACK, Span(2.0, 3.0))


def test_black_is_not_frozen_too() -> None:
    (event,) = found(camera(np.full(50, 16.0), np.zeros(50)), 5.0)
    assert event.kind is EventKind.CAMERA_BLACK


def test_a_frozen_picture_begins_with_its_first_frame() -> None:
    difference = np.full(60, 1.0)
    difference[11:41] = 0.0
    (event,) = found(camera(np.full(60, 100.0), difference), 6.0)
    assert event.kind is EventKind.CAMERA_FROZEN
    assert np.allclose((event.span.start_s, event.span.end_s), (1.0, 4.0))


def test_a_short_standstill_is_normal() -> None:
    difference = np.full(60, 1.0)
    difference[11:25] = 0.0
    assert found(camera(np.full(60, 100.0), difference), 6.0) == []


def test_a_pause_between_frames_is_a_frozen_picture() -> None:
    times = np.array([0.0, 0.1, 0.2, 3.2, 3.3])
    (event,) = found(camera(np.full(5, 100.0), np.full(5, 1.0), times), 3.4)
    assert (event.kind, event.span) == (EventKind.CAMERA_FROZEN, Span(0.2, 3.2))


def test_sensor_noise_is_not_frozen() -> None:
    assert found(camera(np.full(60, 100.0), np.full(60, 0.05)), 6.0) == []


def looks(**columns: float) -> Detections:
    return detections(np.arange(0, 10, 0.5), **columns)


def quality(seen: Camera, looked: Detections, rate: list[int]) -> list[tuple[EventKind, Span]]:
    events = quality_events(series(None, looked, seen, frames_per_second=rate, end_s=10.0), LIMITS)
    return [(event.kind, event.span) for event in events]


BRIGHT = camera(np.full(100, 100.0), np.full(100, 1.0))


def test_a_good_picture_has_no_findings() -> None:
    assert quality(BRIGHT, looks(), [25] * 10) == []


def test_a_dark_picture() -> None:
    mean = np.full(100, 100.0)
    mean[20:60] = 8.0
    dark = Camera(BRIGHT.offset_s, mean, np.full(100, 9.0), BRIGHT.difference, mean + 20)
    assert quality(dark, looks(), [25] * 10) == [(EventKind.CAMERA_DARK, Span(2.0, 6.0))]


def test_a_lit_face_before_a_dark_wall_is_not_dark() -> None:
    lit = Camera(BRIGHT.offset_s, np.full(100, 30.0), np.full(100, 40.0), BRIGHT.difference, np.full(100, 120.0))
    assert quality(lit, looks(), [25] * 10) == []


def test_a_blurred_and_a_small_face() -> None:
    assert quality(BRIGHT, looks(main_blur=0.75), [25] * 10) == [(EventKind.CAMERA_BLURRED, Span(0.0, 10.0))]
    assert quality(BRIGHT, looks(main_width=0.08), [25] * 10) == [(EventKind.CAMERA_FAR, Span(0.0, 10.0))]


@pytest.mark.parametrize(("rate", "found"), [(3, True), (14, False)])
def test_the_frame_rate_collapses(rate: int, found: bool) -> None:
    per_second = [25] * 4 + [rate] * 4 + [25] * 2
    assert quality(BRIGHT, looks(), per_second) == ([(EventKind.CAMERA_SLOW, Span(4.0, 8.0))] if found else [])


def test_a_steady_low_rate_is_no_collapse() -> None:
    assert quality(BRIGHT, looks(), [8] * 10) == []


def test_blur_rises_when_a_picture_is_blurred() -> None:
    sharp = np.ascontiguousarray(noise(0.0)[..., 0])
    soft = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 6.0), np.uint8)
    assert blur(sharp) < 0.5 < blur(soft) <= 1.0
