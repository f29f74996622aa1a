from __future__ import annotations

import numpy as np
import pytest

from services.vision.eyes.gaze import Looking
from services.vision.eyes.reading import reading_events
from services.vision.model import EventKind, Floats, VisionEvent
from tests.support.vision import LIMITS

TIMES = np.arange(0, 40, 0.125)


def found(offset_s: Floats, gaze_deg: Floats) -> list[VisionEvent]:
    level = np.zeros(len(offset_s))
    return reading_events(Looking(offset_s, level, 40.0, level, level, gaze_deg, level, level), LIMITS)


def lines(length_s: float, degrees: float, noise_deg: float = 0.6) -> Floats:
    jitter = np.random.default_rng(1).normal(0, noise_deg, len(TIMES))
    return degrees * (TIMES % length_s / length_s - 0.5) + jitter


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("length_s", [1.8, 3.0])
def test_line_after_line(side: int, length_s: float) -> None:
    (event,) = found(TIMES, side * lines(length_s, 12.0))
    assert event.kind is EventKind.READING
    assert event.strength == pytest.approx(40 / length_s - 1, abs=3)
    assert event.confidence < 0.5


def test_returns_that_are_seen_short_in_turn() -> None:
    """Of five looks a second one may meet a return half-way."""
    gaze = lines(2.4, 12.0, noise_deg=0.2)
    odd = TIMES // 2.4 % 2 == 1
    gaze[odd] = 2.0 + gaze[odd] * 8.0 / 12.0
    (event,) = found(TIMES, gaze)
    assert event.strength > 10


def test_three_lines_are_not_enough() -> None:
    assert found(TIMES, np.where(TIMES < 9, lines(2.5, 12.0), 0.0)) == []


def test_glances_and_slow_waves_are_no_reading() -> None:
    random = np.random.default_rng(5)
    glances = np.repeat(random.uniform(-8, 8, 60), 6)[: len(TIMES)]
    assert found(TIMES, glances) == []
    assert found(TIMES, 8 * np.sin(1.3 * TIMES)) == []


def test_unknown_gaze() -> None:
    assert found(TIMES, np.full(len(TIMES), np.nan)) == []
    assert found(np.zeros(0), np.zeros(0)) == []
