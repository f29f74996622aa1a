from __future__ import annotations

import numpy as np
import pytest

from services.vision.model import Floats, VisionEvent
from services.vision.picture.loops import FINENESS, HEIGHT_PX, WIDTH_PX, Print, fingerprint, loop_events
from services.vision.series import Prints
from services.vision.settings import Limits
from tests.support.media import noise
from tests.support.vision import series

RATE_HZ = 15.0
TIMES = np.arange(0, 30, 1 / RATE_HZ)


def moving(times: Floats) -> Print:
    """Print of a picture that never comes back to where it was."""
    random = np.random.default_rng(3)
    patterns = random.normal(0, 4, (9, WIDTH_PX * HEIGHT_PX))
    waves = np.stack([np.sin((0.7 + 0.41 * k * np.sqrt(k + 2)) * times + k) for k in range(9)], axis=1)
    fresh = np.random.default_rng(4).normal(0, 0.1, (len(times), WIDTH_PX * HEIGHT_PX))
    return (FINENESS * np.clip(128 + waves @ patterns + fresh, 0, 255)).astype(np.uint16)


def found(offset_s: Floats, prints: Print) -> list[VisionEvent]:
    return loop_events(series(prints=Prints(offset_s, prints)), Limits(camera_loop_min_s=3.0))


def test_a_loop_is_found_from_its_first_repetition_on() -> None:
    (event,) = found(TIMES, moving(np.where(TIMES > 8, 8 + (TIMES - 8) % 6, TIMES)))
    assert (event.span.start_s, event.span.end_s) == pytest.approx((14, 30), abs=1.1)


def test_a_living_picture_is_no_loop() -> None:
    assert found(TIMES, moving(TIMES)) == []


def test_a_picture_that_stands_still_is_no_loop() -> None:
    assert found(TIMES, moving(np.zeros(len(TIMES)))) == []


def test_a_short_return_to_the_same_posture_is_no_loop() -> None:
    assert found(TIMES, moving(np.where((TIMES > 10) & (TIMES < 11), TIMES - 6, TIMES))) == []


def test_a_loop_of_many_rounds() -> None:
    (event,) = found(TIMES, moving(TIMES % 2.0))
    assert (event.span.start_s, event.span.end_s) == pytest.approx((2, 30), abs=1.6)


def test_an_empty_video() -> None:
    assert found(np.zeros(0), np.zeros((0, WIDTH_PX * HEIGHT_PX), np.uint16)) == []


def test_prints_have_one_size() -> None:
    for size in ((160, 120), (64, 480), (16, 8)):
        assert fingerprint(np.ascontiguousarray(noise(0.0, size)[..., 0])).shape == (WIDTH_PX * HEIGHT_PX,)
