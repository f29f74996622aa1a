from __future__ import annotations

import numpy as np
import pytest

from services.vision.eyes.schedule import Schedule


def looked_at(frame_rate_hz: float, seconds: float, closed: tuple[float, float] = (0, 0)) -> list[float]:
    schedule, looked = Schedule(0.1), []
    for offset_s in np.arange(0, seconds, 1 / frame_rate_hz):
        if schedule.due(offset_s):
            looked.append(float(offset_s))
            schedule.saw(offset_s, 0.1 if closed[0] <= offset_s < closed[1] else 0.3)
    return looked


@pytest.mark.parametrize("frame_rate_hz", [15, 24, 25, 30, 60])
def test_a_steady_pace_at_any_rate(frame_rate_hz: float) -> None:
    assert len(looked_at(frame_rate_hz, 20)) == pytest.approx(200, abs=2)


def test_slow_videos_are_looked_at_frame_by_frame() -> None:
    assert len(looked_at(8, 10)) == 80


def test_closing_eyes_are_followed_frame_by_frame() -> None:
    inside = [at for at in looked_at(25, 10, (5.0, 5.3)) if 5.1 <= at < 5.3]
    assert np.diff(inside).max() == pytest.approx(0.04)


def test_lowered_eyes_are_not_followed_for_long() -> None:
    assert len(looked_at(25, 20, (5.0, 9.0))) < 200 + 25


def test_a_pause_does_not_pile_up_looks() -> None:
    schedule = Schedule(0.1)
    times = [0.0, 0.04, 5.0, 5.04, 5.08, 5.12]
    assert [schedule.due(at) for at in times] == [True, False, True, False, False, True]


def test_the_beginning_of_a_closure_is_told_once() -> None:
    schedule = Schedule(0.1)
    openings = [0.3] * 8 + [0.1, 0.1, 0.3, np.nan]
    began = [schedule.saw(i / 10, opening) for i, opening in enumerate(openings)]
    assert [i for i, told in enumerate(began) if told] == [8]
