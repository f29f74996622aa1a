from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from services.vision.faces.geometry import Face
from services.vision.faces.photographs import PICTURE_STILL
from services.vision.faces.stray import FaceStray
from services.vision.model import Floats
from services.vision.picture.frames import Pixels
from tests.support.faces import SIZE_PX, talking_portrait

PORTRAIT = np.asarray(cv2.cvtColor(talking_portrait(())(0.0), cv2.COLOR_RGB2GRAY), np.uint8)
LEFT, TOP, SIDE = 140.0, 70.0, 120.0
"""Where the portrait's face is."""
MOUTH = round(LEFT + SIDE / 2), round(TOP + 0.77 * SIDE)
JITTER_PX = 1.0
"""Of each landmark."""
Move = Callable[[float], Floats]


def mesh() -> Floats:
    """As many landmarks as there are, spread over the face."""
    random = np.random.default_rng(3)
    corners = np.array([(0, 0), (1, 0), (0, 1), (1, 1)])
    return np.asarray((LEFT, TOP) + SIDE * np.concatenate((corners, random.random((474, 2)))), np.float64)


MESH = mesh()


def by_hand(time_s: float) -> Floats:
    """A print that a hand turns, shifts and brings nearer."""
    turn = cv2.getRotationMatrix2D((200, 130), 2 * np.sin(1.3 * time_s), 1 + 0.02 * np.sin(time_s))
    turn[:, 2] += (4 * np.sin(1.7 * time_s), 3 * np.sin(2.3 * time_s))
    return np.asarray(turn, np.float64)


def seen(picture: Pixels, time_s: float, bend: float = 0.0) -> tuple[Pixels, Face]:
    """The moved picture with the sensor's noise, and its landmarks, of which one half may be bent away."""
    random, move = np.random.default_rng(round(1000 * time_s)), by_hand(time_s)
    moved = cv2.warpAffine(picture, move, SIZE_PX, borderMode=cv2.BORDER_REFLECT) + random.normal(0, 2, SIZE_PX[::-1])
    away = np.column_stack((np.zeros(len(MESH)), MESH[:, 0] > LEFT + SIDE / 2)).astype(np.float64)
    bent = MESH + bend * SIDE * away
    places = bent @ move[:, :2].T + move[:, 2] + random.normal(0, JITTER_PX, MESH.shape)
    points = np.column_stack((places, np.zeros(len(places))))
    return np.clip(moved, 0, 255).astype(np.uint8), Face(points, {}, np.eye(4), *SIZE_PX)


def strays(picture: Callable[[float], Pixels], until_s: float = 12.0) -> list[tuple[float, float]]:
    face = FaceStray()
    found = [face.look(float(at_s), *seen(picture(at_s), at_s)) for at_s in np.arange(0, until_s, 0.2)]
    return [each for each in found if each is not None]


def speaking(time_s: float) -> Pixels:
    spoken = PORTRAIT.copy()
    opening = max(0, round(5 * np.sin(9 * time_s)))
    cv2.ellipse(spoken, MOUTH, (14, opening), 0, 0, 360, 40, -1)
    return spoken


def test_a_print_in_a_hand_does_not_stray() -> None:
    found = strays(lambda _time_s: PORTRAIT)
    assert [middle_s for middle_s, _ in found] == pytest.approx([4.0, 5.0, 6.0, 7.0], abs=0.3)
    assert max(stray for _, stray in found) < PICTURE_STILL


def test_nor_does_it_when_the_light_changes() -> None:
    found = strays(lambda at_s: np.asarray((0.6 + 0.1 * np.sin(at_s)) * PORTRAIT, np.uint8))
    assert max(stray for _, stray in found) < PICTURE_STILL


def test_a_mouth_that_speaks_strays() -> None:
    assert min(stray for _, stray in strays(speaking)) > 2 * PICTURE_STILL


def test_nothing_is_said_about_a_few_seconds() -> None:
    assert strays(lambda _time_s: PORTRAIT, until_s=7.9) == []


def test_a_face_that_was_away_begins_anew() -> None:
    face = FaceStray()
    times = [*np.arange(0, 7, 0.2), *np.arange(9, 16.9, 0.2)]
    assert [face.look(float(at_s), *seen(PORTRAIT, at_s)) for at_s in times] == [None] * len(times)


def test_a_face_that_bends_begins_anew() -> None:
    """Half of the landmarks leave for another place, which no turn, shift, stretch or shear does."""
    face = FaceStray()
    times = np.arange(0, 14, 0.2)
    found = [face.look(float(at_s), *seen(PORTRAIT, at_s, bend=0.1 * (at_s >= 6))) for at_s in times]
    assert found == [None] * len(times)
