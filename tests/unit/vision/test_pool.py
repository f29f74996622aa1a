"""Models go from one video to the next."""

from __future__ import annotations

import numpy as np
import pytest

from services.vision.faces.geometry import Detection, Face
from services.vision.faces.pool import ModelPool
from services.vision.model import Floats
from services.vision.picture.frames import Pixels


class Models:
    def __init__(self, broken: bool = False) -> None:
        self.broken, self.forgotten, self.closed = broken, 0, False

    def face(self, _rgb: Pixels) -> Face | None:
        return None

    def detections(self, _rgb: Pixels) -> list[Detection]:
        return []

    def confirmed(self, _rgb: Pixels, _detection: Detection) -> bool:
        return False

    def descriptor(self, _rgb: Pixels, _face: Face) -> Floats:
        return np.zeros(128)

    def forget(self) -> None:
        if self.broken:
            raise RuntimeError
        self.forgotten += 1

    def close(self) -> None:
        self.closed = True


class Factory:
    def __init__(self, broken: bool = False) -> None:
        self.made: list[Models] = []
        self._broken = broken

    def __call__(self) -> Models:
        self.made.append(Models(self._broken))
        return self.made[-1]


def test_one_after_the_other_gets_the_same_models() -> None:
    factory = Factory()
    pool = ModelPool(factory)
    for _ in range(3):
        with pool.lent():
            pass
    assert [models.forgotten for models in factory.made] == [3]


def test_at_the_same_time_each_has_its_own() -> None:
    pool = ModelPool(Factory())
    with pool.lent() as first, pool.lent() as second:
        assert first is not second


def test_a_pass_that_fails_gives_its_models_back() -> None:
    factory = Factory()
    pool = ModelPool(factory)
    with pytest.raises(ValueError, match="stop"), pool.lent():
        raise ValueError("stop")
    with pool.lent() as again:
        assert again is factory.made[0]


def test_broken_models_are_closed_and_replaced() -> None:
    factory = Factory(broken=True)
    pool = ModelPool(factory)
    with pool.lent():
        pass
    assert factory.made[0].closed
    with pool.lent() as again:
        assert again is factory.made[1]
