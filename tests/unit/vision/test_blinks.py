from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.vision.eyes.blinks import blinks
from services.vision.model import Floats, VisionEvent
from services.vision.series import Faces
from services.vision.settings import Limits
from tests.support.vision import faces, series

RATE_HZ = 25.0


def eyes(*closed: tuple[float, float], lowest: float = 0.08, seconds: float = 20.0) -> Faces:
    """Eyes open at 0.3 that close for the given spans, with a little noise."""
    times = np.arange(0, seconds, 1 / RATE_HZ)
    opening = 0.3 + np.random.default_rng(0).normal(0, 0.005, len(times))
    for start_s, end_s in closed:
        opening[(times >= start_s) & (times < end_s)] = lowest
    return faces(times, eye_aspect_ratio=opening)


def found(seen: Faces, frame_rate_hz: float = RATE_HZ) -> list[VisionEvent]:
    return blinks(series(seen, frame_rate_hz=frame_rate_hz), Limits(blink_ratio=0.7))


def test_blinks_are_found_with_their_times() -> None:
    spans = [(event.span.start_s, event.span.end_s) for event in found(eyes((3.0, 3.16), (8.0, 8.24)))]
    assert spans == [pytest.approx((3.0, 3.16), abs=0.05), pytest.approx((8.0, 8.24), abs=0.05)]


def test_the_peak_of_shut_eyes_is_in_their_middle() -> None:
    assert [event.peak_s for event in found(eyes((3.0, 3.20)))] == [pytest.approx(3.08)]


def test_open_eyes_do_not_blink() -> None:
    assert found(eyes()) == []


def test_long_closed_eyes_are_no_blink() -> None:
    assert found(eyes((5.0, 6.0))) == []


def test_slightly_lowered_lids_are_no_blink() -> None:
    assert found(eyes((5.0, 5.2), lowest=0.25)) == []


def test_narrow_eyes_have_their_own_baseline() -> None:
    seen = eyes((3.0, 3.16))
    narrow = replace(seen, eye_aspect_ratio=seen.eye_aspect_ratio * 0.5)
    assert len(found(narrow)) == 1


def test_a_double_blink_is_two() -> None:
    seen = eyes((3.0, 3.4))
    inner = (seen.offset_s >= 3.16) & (seen.offset_s < 3.24)
    opening = np.where(inner, 0.19, seen.eye_aspect_ratio)
    assert len(found(replace(seen, eye_aspect_ratio=opening))) == 2


def test_turned_heads_hide_eyelids() -> None:
    seen = eyes((3.0, 3.16))
    assert found(replace(seen, yaw_deg=np.full(len(seen.offset_s), 55.0))) == []


def test_few_frames_a_second_lower_the_confidence() -> None:
    (sure,), (unsure,) = found(eyes((3.0, 3.16))), found(eyes((3.0, 3.16)), frame_rate_hz=10)
    assert unsure.confidence == pytest.approx(sure.confidence / 2)


def test_no_face_no_blink() -> None:
    times: Floats = np.arange(0, 2, 0.1)
    nothing = np.full(len(times), np.nan)
    assert found(faces(times, eye_aspect_ratio=nothing, yaw_deg=nothing)) == []
