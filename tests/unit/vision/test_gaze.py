from __future__ import annotations

import numpy as np
import pytest

from services.vision.eyes.gaze import Looking, baseline, eye_contact_ratio, looking, looks_away
from services.vision.model import Direction, Floats, VisionEvent
from services.vision.runs import durations_s
from services.vision.settings import Limits
from tests.support.vision import LIMITS, faces, series

TIMES = np.arange(0, 30, 0.1)


def during(start_s: float, end_s: float, value: float, otherwise: float = 0.0) -> Floats:
    return np.where((start_s <= TIMES) & (end_s > TIMES), value, otherwise)


def head(
    yaw: Floats | float = 0.0, pitch: Floats | float = 0.0, shape: Floats | float = 0.0, up: Floats | float = 0.0
) -> Looking:
    yaws, pitches, shapes, ups = (np.broadcast_to(np.asarray(v, float), TIMES.shape) for v in (yaw, pitch, shape, up))
    seen = faces(TIMES, yaw_deg=yaws, pitch_deg=pitches, gaze_shape=shapes, gaze_up=ups)
    return looking(series(seen, end_s=30.0), LIMITS)


def away(seen: Looking) -> list[VisionEvent]:
    return looks_away(seen, Limits(looking_away_min_s=1.0))


@pytest.mark.parametrize(
    ("seen", "direction", "degrees"),
    [
        (head(yaw=during(10, 13, 35)), Direction.LEFT, 35),
        (head(yaw=during(10, 13, -35)), Direction.RIGHT, 35),
        (head(pitch=during(10, 13, -25)), Direction.DOWN, 25),
        (head(pitch=during(10, 13, 20)), Direction.UP, 20),
        (head(yaw=during(10, 13, 15), shape=during(10, 13, 0.8)), Direction.LEFT, 39),
    ],
)
def test_a_look_away(seen: Looking, direction: Direction, degrees: float) -> None:
    (event,) = away(seen)
    assert event.direction is direction
    assert (event.span.start_s, event.span.end_s) == pytest.approx((10, 13), abs=0.25)
    assert event.strength == pytest.approx(degrees, abs=1)
    assert 0 < event.confidence <= 1


def test_a_glance_is_no_look_away() -> None:
    assert away(head(yaw=during(10, 10.6, 35))) == []


def test_eyes_that_turn_back_make_a_look_away_less_certain() -> None:
    (plain,) = away(head(yaw=during(10, 13, 26)))
    (back,) = away(head(yaw=during(10, 13, 26), shape=during(10, 13, -0.8)))
    assert back.confidence < plain.confidence
    assert back.direction is Direction.LEFT
    assert back.strength == pytest.approx(26, abs=1)


@pytest.mark.parametrize("angle", [12, -12])
def test_small_turns_are_natural(angle: float) -> None:
    assert away(head(yaw=during(10, 13, angle), pitch=during(10, 13, angle))) == []


def test_a_person_sitting_askew_has_an_own_baseline() -> None:
    assert away(head(yaw=12.0)) == []
    assert eye_contact_ratio(head(yaw=12.0, pitch=-15.0)) == 1.0
    (event,) = away(head(yaw=during(10, 13, -20, otherwise=12)))
    assert event.direction is Direction.RIGHT


@pytest.mark.parametrize("angle", [25.0, -25.0, 18.0, 40.0])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_who_looks_aside_most_of_the_time_has_little_contact(angle: float, share: float) -> None:
    """A second screen beside the camera: glances at the camera are contact, not the other way round."""
    aside = 10 * share > TIMES % 10
    seen = head(yaw=np.where(aside, angle, 0.0))
    assert eye_contact_ratio(seen) == pytest.approx(1 - share, abs=0.05)
    found = away(seen)
    assert {event.direction for event in found} == {Direction.LEFT if angle > 0 else Direction.RIGHT}
    assert sum(event.span.duration_s for event in found) == pytest.approx(30 * share, abs=1.5)


def test_notes_on_the_desk_are_no_contact() -> None:
    seen = head(pitch=np.where(TIMES % 10 < 8, -32.0, -8.0))
    assert eye_contact_ratio(seen) == pytest.approx(0.2, abs=0.05)
    assert {event.direction for event in away(seen)} == {Direction.DOWN}


@pytest.mark.parametrize(("yaw", "pitch"), [(30.0, 0.0), (0.0, -35.0)])
def test_who_never_looks_at_the_camera_has_no_contact(yaw: float, pitch: float) -> None:
    seen = head(yaw=yaw, pitch=pitch)
    assert eye_contact_ratio(seen) == 0.0
    (event,) = away(seen)
    assert event.span.duration_s == pytest.approx(30, abs=0.2)


def test_eyes_have_their_own_baseline() -> None:
    """A squint is no look away."""
    assert eye_contact_ratio(head(shape=0.6)) == 1.0


@pytest.mark.parametrize(("angle", "most"), [(45.0, 8.0), (-20.0, 8.0), (3.0, 8.0)])
def test_the_camera_is_at_most_so_far_aside(angle: float, most: float) -> None:
    found = baseline(np.full(len(TIMES), angle), durations_s(TIMES, 0.5), 15.0, most)
    assert found == pytest.approx(np.clip(angle, -most, most))


def test_eyes_alone_are_weak_evidence() -> None:
    (with_head,) = away(head(yaw=during(10, 13, 60)))
    (eyes_only,) = away(head(yaw=during(10, 13, 10), shape=during(10, 13, 1.0)))
    assert eyes_only.confidence <= 0.6 < with_head.confidence


def test_eye_contact_is_the_share_of_the_visible_time() -> None:
    yaw = during(0, 6, 40)
    yaw[TIMES >= 24] = np.nan
    assert eye_contact_ratio(head(yaw=yaw)) == pytest.approx(18 / 24, abs=0.02)


def test_no_face_has_no_eye_contact() -> None:
    nothing = head(yaw=np.nan, pitch=np.nan, shape=np.nan, up=np.nan)
    assert eye_contact_ratio(nothing) is None
    assert away(nothing) == []
