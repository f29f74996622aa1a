from __future__ import annotations

import numpy as np
import pytest

from services.vision.blinks import Eyes, blinks, open_level
from services.vision.model import Event, Floats

RATE_HZ = 25.0


def series(*closed: tuple[float, float], lowest: float = 0.08, seconds: float = 20.0) -> Eyes:
    """Eyes open at 0.3 that close for the given spans, with a little noise."""
    times = np.arange(0, seconds, 1 / RATE_HZ)
    opening = 0.3 + np.random.default_rng(0).normal(0, 0.005, len(times))
    for start_s, end_s in closed:
        opening[(times >= start_s) & (times < end_s)] = lowest
    return Eyes(times, opening, np.zeros(len(times)))


def found(eyes: Eyes, frame_rate_hz: float = RATE_HZ) -> list[Event]:
    level = open_level(eyes.offset_s, eyes.aspect_ratio)
    return blinks(eyes, level, ratio=0.7, frame_rate_hz=frame_rate_hz)


def test_blinks_are_found_with_their_times() -> None:
    spans = [(event.span.start_s, event.span.end_s) for event in found(series((3.0, 3.16), (8.0, 8.24)))]
    assert spans == [pytest.approx((3.0, 3.16), abs=0.05), pytest.approx((8.0, 8.24), abs=0.05)]


def test_open_eyes_do_not_blink() -> None:
    assert found(series()) == []


def test_long_closed_eyes_are_no_blink() -> None:
    assert found(series((5.0, 6.0))) == []


def test_slightly_lowered_lids_are_no_blink() -> None:
    assert found(series((5.0, 5.2), lowest=0.25)) == []


def test_narrow_eyes_have_their_own_baseline() -> None:
    eyes = series((3.0, 3.16))
    narrow = Eyes(eyes.offset_s, eyes.aspect_ratio * 0.5, eyes.yaw_deg)
    assert len(found(narrow)) == 1


def test_a_double_blink_is_two() -> None:
    eyes = series((3.0, 3.4))
    inner = (eyes.offset_s >= 3.16) & (eyes.offset_s < 3.24)
    opening = np.where(inner, 0.19, eyes.aspect_ratio)
    assert len(found(Eyes(eyes.offset_s, opening, eyes.yaw_deg))) == 2


def test_turned_heads_hide_eyelids() -> None:
    eyes = series((3.0, 3.16))
    assert found(Eyes(eyes.offset_s, eyes.aspect_ratio, np.full(len(eyes.offset_s), 55.0))) == []


def test_few_frames_a_second_lower_the_confidence() -> None:
    (sure,), (unsure,) = found(series((3.0, 3.16))), found(series((3.0, 3.16)), frame_rate_hz=10)
    assert unsure.confidence == pytest.approx(sure.confidence / 2)


def test_no_face_no_blink() -> None:
    times: Floats = np.arange(0, 2, 0.1)
    nothing = np.full(len(times), np.nan)
    assert found(Eyes(times, nothing, nothing)) == []
