from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from services.vision.faces.between import FaceBetween
from services.vision.faces.geometry import LEFT_EYE, MOUTH_CORNERS, RIGHT_EYE, Face, Measures
from services.vision.picture.frames import Frame, frames
from tests.support.faces import talking_portrait
from tests.support.media import write_video

CORNERS = ((162, 121), (184, 124), (212, 126), (235, 125), (180, 175), (215, 176))
OPEN, SHUT = Measures(yaw_deg=0.0, eye_aspect_ratio=0.3, mouth_opening=0.1), 0.1


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    """Two seconds at 25 frames a second with a blink from 0.9 to 1.1."""
    path = tmp_path_factory.mktemp("eyes") / "a.mp4"
    write_video(path, 2.0, picture=talking_portrait((1.0,)))
    return list(frames(path, long_side_px=640, threads=1))


class Landmarker:
    """Sees the portrait's corners, and shut eyes in the middle of the blink."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, frame: Frame) -> tuple[Face, Measures]:
        number = round(frame.offset_s * 25)
        self.asked.append(number)
        return seen(SHUT if 24 <= number <= 26 else 0.3)


def seen(eye_aspect_ratio: float, yaw_deg: float = 0.0) -> tuple[Face, Measures]:
    points = np.zeros((478, 3))
    for point, corner in zip((*RIGHT_EYE[:2], *LEFT_EYE[:2], *MOUTH_CORNERS), CORNERS, strict=True):
        points[point, :2] = corner
    return Face(points, {}, np.eye(4), 480, 360), replace(OPEN, eye_aspect_ratio=eye_aspect_ratio, yaw_deg=yaw_deg)


def between(shown: Sequence[Frame], first: int, last: int, at_last: float = 0.3) -> tuple[list[int], dict[int, float]]:
    """Frames that were landmarked as well, and the opening of the eyes in the others."""
    landmarker = Landmarker()
    face = FaceBetween(landmarker)
    assert list(face.rows([], shown[first], seen(0.3))) == []
    rows = face.rows(shown[first + 1 : last], shown[last], seen(at_last))
    openings = {round(at_s * 25): measures.eye_aspect_ratio for at_s, measures in rows}
    return landmarker.asked, openings


def test_of_a_blink_between_two_landmarked_frames_one_more_is_landmarked(shown: list[Frame]) -> None:
    asked, openings = between(shown, 21, 28)
    assert len(asked) == 1
    assert {24, 25, 26} - openings.keys() == set(asked)
    assert max(openings[number] for number in {24, 25, 26} & openings.keys()) < 0.2
    assert openings[22] > 0.28


def test_eyes_that_close_are_followed_to_the_landmarked_frame(shown: list[Frame]) -> None:
    asked, openings = between(shown, 20, 25, at_last=SHUT)
    assert asked == []
    assert openings[21] > 0.28
    assert openings[24] < 0.2


def test_in_eyes_that_are_half_shut_again_the_shut_ones_are_landmarked(shown: list[Frame]) -> None:
    """Shut eyes look like half-shut ones; what looks like neither of the landmarked frames is on the way to them."""
    asked, _ = between(shown, 21, 26, at_last=0.25)
    assert len(asked) == 1
    assert asked[0] in (24, 25)


def test_open_eyes_are_left_alone(shown: list[Frame]) -> None:
    for first in (*range(0, 16, 5), *range(30, 44, 5)):
        asked, openings = between(shown, first, first + 5)
        assert asked == []
        assert list(openings.values()) == pytest.approx([0.3] * 4)


def test_the_head_turns_evenly_in_between(shown: list[Frame]) -> None:
    face = FaceBetween(Landmarker())
    list(face.rows([], shown[0], seen(0.3)))
    rows = list(face.rows(shown[1:5], shown[5], seen(0.3, yaw_deg=10.0)))
    assert [measures.yaw_deg for _, measures in rows] == pytest.approx([2.0, 4.0, 6.0, 8.0])


def test_a_face_is_not_followed_through_a_lost_face_or_a_long_pause(shown: list[Frame]) -> None:
    face = FaceBetween(Landmarker())
    list(face.rows([], shown[21], None))
    assert list(face.rows(shown[22:28], shown[28], seen(0.3))) == []
    assert between(shown, 18, 32) == ([], {})
