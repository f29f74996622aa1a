from __future__ import annotations

import numpy as np

from servicekit.wire import Span
from services.vision.camera import Camera, brightness, camera_events, small_luma
from services.vision.model import Event, EventKind, Floats


def camera(mean: Floats, difference: Floats, times: Floats | None = None) -> Camera:
    steady = np.asarray(np.arange(len(mean)) * 0.1, np.float64)
    return Camera(steady if times is None else times, mean, np.full(len(mean), 5.0), difference)


def found(seen: Camera, end_s: float) -> list[Event]:
    return camera_events(seen, black_min_s=0.5, frozen_min_s=2.0, end_s=end_s)


def test_small_luma() -> None:
    assert small_luma(np.full((48, 64, 3), 10, np.uint8)).tolist() == [[10] * 8] * 6


def test_brightness() -> None:
    dark, light = np.full((4, 6), 10, np.uint8), np.full((4, 6), 14, np.uint8)
    assert brightness(dark, None) == (10, 0, np.inf)
    assert brightness(light, dark) == (14, 0, 4)
    assert brightness(light, dark[:2]) == (14, 0, np.inf)


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
