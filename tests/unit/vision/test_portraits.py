from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from services.vision.faces.geometry import Detection
from services.vision.faces.portraits import OtherFace, is_portrait
from services.vision.model import Floats
from services.vision.picture.frames import Pixels
from tests.support.faces import talking_portrait

PLACE = Detection(0.3, 0.15, 0.25, 0.4, 0.9)
"""Around the portrait's face."""
LOOKS_S = np.arange(0, 8, 0.5)
PORTRAIT = talking_portrait(tuple(np.arange(1.0, 8.0, 2.0)))


def likenesses(picture: Callable[[float], Pixels], place: Detection = PLACE) -> Floats:
    other = OtherFace()
    return np.array([other.likeness(picture(float(at_s)), place) for at_s in LOOKS_S])


def printed(time_s: float, noise: float, light: float) -> Pixels:
    """The same print with the sensor's noise of the moment."""
    random = np.random.default_rng(round(1000 * time_s))
    print_of_it = cv2.resize(PORTRAIT(0.0), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(light * print_of_it + random.normal(0, noise, print_of_it.shape), 0, 255), np.uint8)


@pytest.mark.parametrize(("noise", "light"), [(0.0, 1.0), (2.0, 1.0), (4.0, 0.6)])
def test_a_print_stays_as_it_is(noise: float, light: float) -> None:
    assert is_portrait(likenesses(lambda at_s: printed(at_s, noise, light)))


def test_a_camera_that_moves_by_whole_pixels_moves_prints() -> None:
    assert is_portrait(likenesses(lambda at_s: np.roll(printed(at_s, 2.0, 1.0), round(2 * at_s) % 3, axis=1)))


@pytest.mark.parametrize("blur_px", [1.4, 1.7])
def test_a_print_in_a_recording_that_loses_quality_for_a_while(blur_px: float) -> None:
    def picture(at_s: float) -> Pixels:
        sharp = printed(at_s, 2.0, 1.0)
        return np.asarray(cv2.GaussianBlur(sharp, (0, 0), blur_px), np.uint8) if 3.0 <= at_s < 5.5 else sharp

    assert is_portrait(likenesses(picture))


def test_a_face_that_turns_slowly_is_no_print() -> None:
    """From look to look it hardly moves."""

    def turned(at_s: float) -> Pixels:
        picture = printed(at_s, 1.0, 1.0)
        height, width = picture.shape[:2]
        middle = (width * (PLACE.left + PLACE.width / 2), height * (PLACE.top + PLACE.height / 2))
        turn = cv2.getRotationMatrix2D(middle, at_s, 1.0)
        return np.asarray(cv2.warpAffine(picture, turn, (width, height)), np.uint8)

    found = likenesses(turned)
    assert (found[1:8] > 0.998).all()
    assert not is_portrait(found)


def test_a_face_that_sways_and_blinks_is_no_print() -> None:
    assert not is_portrait(likenesses(PORTRAIT))


def test_the_first_look_at_a_face_has_nothing_to_compare() -> None:
    other, picture = OtherFace(), PORTRAIT(0.0)
    assert np.isnan(other.likeness(picture, PLACE))
    assert other.likeness(picture, PLACE) == pytest.approx(1.0)
    assert np.isnan(other.likeness(picture, Detection(0.8, 0.6, 0.1, 0.2, 0.9)))


@pytest.mark.parametrize("edge", [Detection(-0.1, -0.1, 0.2, 0.2, 0.9), Detection(0.95, 0.9, 0.2, 0.3, 0.9)])
def test_a_face_at_the_edge(edge: Detection) -> None:
    found = likenesses(PORTRAIT, edge)
    assert np.isnan(found[0])
    assert (found[1:] <= 1.0 + 1e-9).all()


def test_few_looks_say_nothing() -> None:
    assert not is_portrait(np.full(7, 0.999))
    assert not is_portrait(np.full(20, np.nan))
