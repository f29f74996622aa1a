from __future__ import annotations

import numpy as np

from services.vision.faces.describing import Describing


def described(persons: dict[float, float], seconds: int) -> list[int]:
    """When faces are described of whom each is in the picture from a time on; persons are one number."""
    describing, found = Describing(5.0), []
    for at_s in range(seconds):
        person = persons[max(start_s for start_s in persons if start_s <= at_s)]
        if describing.due(at_s):
            found.append(at_s)
            describing.saw(at_s, np.full(128, person / np.sqrt(128)))
    return found


def test_a_face_that_stays_is_described_seldom() -> None:
    assert described({0.0: 0.0}, 60) == [0, 5, 15, 25, 35, 45, 55]


def test_another_face_is_described_again_soon() -> None:
    assert described({0.0: 0.0, 20.0: 0.8, 30.0: 0.0}, 50) == [0, 5, 15, 25, 28, 38, 48]
