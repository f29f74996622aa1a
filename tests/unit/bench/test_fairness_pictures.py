"""The picture part of the fairness bench: what it draws, and that the vision service reads it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.fairness.figures import share
from bench.fairness.pictures import EYES, LOOKS, OVAL, Look, rows
from tests.support.faces import talking_portrait
from tests.support.media import write_video

DRAWN = {look.name: look.draw for look in LOOKS}
FLAT = np.full((200, 200, 3), 120, np.uint8)


def face() -> NDArray[np.float64]:
    """Landmarks of a round face in the middle of the picture, with both eyes."""
    points = np.full((478, 2), 100.0)
    for place, landmark in enumerate(OVAL):
        turn = 2 * np.pi * place / len(OVAL)
        points[landmark] = 100 + 50 * np.sin(turn), 100 - 60 * np.cos(turn)
    for side, (corners, lids) in zip((-1, 1), EYES, strict=True):
        points[[*corners, *lids]] = [(x, 85 + y) for x, y in ((75, 0), (95, 0), (85, -3), (85, 3))]
        points[[*corners, *lids], 0] += 0 if side < 0 else 30
    return points


@pytest.fixture(params=[name for name in DRAWN if name != "as recorded"])
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def within(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside = np.zeros(FLAT.shape[:2], np.uint8)
    cv2.fillPoly(inside, [points[OVAL].astype(np.int32)], 1)
    return inside > 0


def test_each_look_changes_what_it_says(look: str) -> None:
    points = face()
    changed = (DRAWN[look](FLAT, points) != FLAT).any(axis=2)
    inside = within(points)
    of_face, around = changed[inside].mean(), changed[~inside].mean()
    if look == "head scarf":
        assert (of_face < 0.05, around > 0.2) == (True, True)
    elif look == "glasses":
        assert (0.02 < of_face < 0.4, around < 0.02) == (True, True)
    elif look.startswith("skin"):
        assert (of_face > 0.9, around < 0.5) == (True, True)
    else:
        assert min(of_face, around) > 0.5


def test_without_a_face_only_light_changes(look: str) -> None:
    same = np.array_equal(DRAWN[look](FLAT, None), FLAT)
    assert same == (look.startswith("skin") or look in ("glasses", "head scarf"))


def test_a_share_with_its_interval() -> None:
    assert share(0, 4)[0] == 0
    assert share(0, 4)[1] == pytest.approx(0.49, abs=0.01)
    assert share(2, 4) == pytest.approx((0.15, 0.85), abs=0.01)
    with pytest.raises(ValueError, match="nothing"):
        share(0, 0)


@pytest.mark.model
def test_alarms_are_counted_against_the_recording_as_it_is(tmp_path: Path) -> None:
    source = write_video(tmp_path / "portrait.mp4", 0.8, picture=talking_portrait(closed_at_s=()))
    hidden = Look("nobody", lambda rgb, _: np.zeros_like(rgb))
    plain, glasses, nobody = rows([source], [LOOKS[0], LOOKS[1], hidden])
    assert plain.startswith("| as recorded | 1 | 0 | 0% to 79% | none | ")
    assert plain.endswith("| 100% |")
    assert glasses.endswith("| 100% |")
    assert nobody.endswith("| 0% |")
    assert nobody.startswith("| nobody | 1 | 1 |")
