from __future__ import annotations

import numpy as np
import pytest

from services.vision.faces.photographs import photograph_events
from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.series import Strays
from tests.support.vision import LIMITS, OPEN, faces, series

TIMES = np.arange(0, 30, 0.125)


def jitter(size: float, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0, size, len(TIMES))


def found(eyes: Floats, mouth: Floats, gaze: Floats, strays: Strays | None = None) -> list[VisionEvent]:
    seen = faces(TIMES, eye_aspect_ratio=OPEN * eyes, mouth_opening=mouth, gaze_shape=gaze)
    return photograph_events(series(seen, end_s=30.0, strays=strays or strayed(0.002)), LIMITS)


def strayed(stray: float) -> Strays:
    """The picture of the face strays as far all the time."""
    times = np.arange(4.0, 26.5, 1.0)
    return Strays(times, np.full(len(times), stray))


STILL = (1.0 + jitter(0.015, 1), 0.02 + jitter(0.003, 2), 0.1 + jitter(0.015, 3))
SPEECH = 0.1 + 0.08 * np.sin(9 * TIMES) * (np.sin(0.8 * TIMES) > -0.4)


def test_a_photograph() -> None:
    (event,) = found(*STILL)
    assert event.kind is EventKind.CAMERA_PHOTOGRAPH
    assert (event.span.start_s, event.span.end_s) == (0.0, 30.0)


def test_speech_blinks_or_glances_are_life() -> None:
    eyes, mouth, gaze = STILL
    blinking = np.where(TIMES % 6 < 0.2, 0.5, eyes)
    glancing = gaze + 0.2 * (np.sin(0.9 * TIMES) > 0)
    assert found(eyes, SPEECH, gaze) == found(blinking, mouth, gaze) == found(eyes, mouth, glancing) == []


def test_a_photograph_for_a_part_of_the_video() -> None:
    eyes, mouth, gaze = STILL
    (event,) = found(eyes, np.where(TIMES < 15, mouth, SPEECH), gaze)
    assert event.span.start_s == 0.0
    assert event.span.end_s == pytest.approx(11, abs=2.5)


def test_no_face_is_no_photograph() -> None:
    nothing = np.full(len(TIMES), np.nan)
    assert found(nothing, nothing, nothing) == []


def test_a_print_on_which_the_mouth_of_the_mesh_wanders() -> None:
    """Beards, hands and teeth: the landmarks are unsure, the picture of the face stays."""
    eyes, mouth, gaze = STILL
    assert len(found(eyes, mouth + 0.013 * np.sin(2 * TIMES), gaze)) == 1


def test_a_face_whose_picture_strays_is_alive() -> None:
    assert found(*STILL, strayed(0.006)) == []


def test_a_face_that_was_never_long_in_the_picture_as_a_whole_is_no_photograph() -> None:
    nothing = np.zeros(0)
    assert found(*STILL, Strays(nothing, nothing)) == []
