from __future__ import annotations

import numpy as np
import pytest

from services.vision.picture.schedule import Schedule


def looked_at(frame_rate_hz: float, seconds: float) -> int:
    schedule = Schedule(0.1)
    return sum(schedule.due(float(offset_s)) for offset_s in np.arange(0, seconds, 1 / frame_rate_hz))


@pytest.mark.parametrize("frame_rate_hz", [15, 24, 25, 30, 60])
def test_a_steady_pace_at_any_rate(frame_rate_hz: float) -> None:
    assert looked_at(frame_rate_hz, 20) == pytest.approx(200, abs=2)


def test_slow_videos_are_looked_at_frame_by_frame() -> None:
    assert looked_at(8, 10) == 80


def test_a_pause_does_not_pile_up_looks() -> None:
    schedule = Schedule(0.1)
    times = [0.0, 0.04, 5.0, 5.04, 5.08, 5.12]
    assert [schedule.due(at) for at in times] == [True, False, True, False, False, True]
