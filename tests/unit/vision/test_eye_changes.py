from __future__ import annotations

import numpy as np
import pytest

from services.vision.eyes.changes import EyeChanges
from services.vision.faces.geometry import LEFT_EYE, RIGHT_EYE, Face
from services.vision.picture.frames import Frame, frames
from tests.support.faces import talking_portrait
from tests.support.media import write_video


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    """Two seconds at 25 frames a second with a blink from 0.9 to 1.1."""
    path = tmp_path_factory.mktemp("eyes") / "a.mp4"
    write_video(path, 2.0, picture=talking_portrait((1.0,)))
    return list(frames(path, long_side_px=640, threads=1))


def face() -> Face:
    """The corners of the portrait's eyes."""
    points = np.zeros((478, 3))
    corners = ((162, 121), (184, 124), (212, 126), (235, 125))
    for point, corner in zip((*RIGHT_EYE[:2], *LEFT_EYE[:2]), corners, strict=True):
        points[point, :2] = corner
    return Face(points, {}, np.eye(4), 480, 360)


def changed(shown: list[Frame], first: int, last: int) -> list[int]:
    """Numbers of the changed frames between two landmarked ones."""
    eyes = EyeChanges()
    assert eyes.between([], shown[first], face()) == []
    found = eyes.between(shown[first + 1 : last], shown[last], face())
    return [round(frame.offset_s * 25) for frame in found]


def test_a_blink_between_two_landmarked_frames_is_noticed(shown: list[Frame]) -> None:
    found = changed(shown, 21, 29)
    assert 25 in found
    assert set(found) <= {23, 24, 25, 26, 27}


def test_open_eyes_are_left_alone(shown: list[Frame]) -> None:
    for first in (*range(0, 18, 3), *range(30, 45, 3)):
        assert changed(shown, first, first + 3) == []


def test_eyes_are_not_followed_through_a_lost_face_or_a_long_pause(shown: list[Frame]) -> None:
    eyes = EyeChanges()
    eyes.between([], shown[21], None)
    assert eyes.between(shown[22:29], shown[29], face()) == []
    assert changed(shown, 18, 32) == []
