"""The capacity model."""

from __future__ import annotations

import pytest

from rehearsal.capacity import MEASURED, Cost, Load, busy, capacity_text, replicas, with_seconds

EVEN = Load(8_640, answers=1, minutes_an_answer=1, peak=1, utilisation=1)
"""One interview of one minute every ten seconds."""


def test_arrivals_times_duration() -> None:
    assert busy(EVEN, Cost("a", media_minute_s=10)) == pytest.approx(1.0)
    assert busy(EVEN, Cost("a", interview_s=5)) == pytest.approx(0.5)
    assert busy(EVEN, Cost("a", media_minute_s=10, interview_s=5)) == pytest.approx(1.5)
    assert busy(EVEN, Cost("a", media_minute_s=10, at_once=4)) == pytest.approx(0.25)


def test_peak_and_utilisation_add_replicas() -> None:
    cost = Cost("a", media_minute_s=100)
    assert replicas(EVEN, cost) == 10
    assert replicas(Load(8_640, 1, 1, peak=3, utilisation=1), cost) == 30
    assert replicas(Load(8_640, 1, 1, peak=1, utilisation=0.7), cost) == 15
    assert replicas(Load(8_640, 5, 2, peak=3, utilisation=0.7), cost) == 429


def test_there_is_always_one() -> None:
    assert replicas(Load(1), Cost("a", media_minute_s=1)) == 1


@pytest.mark.parametrize("utilisation", [0.0, 1.1])
def test_a_utilisation_that_is_no_share(utilisation: float) -> None:
    with pytest.raises(ValueError, match="utilisation"):
        replicas(Load(1, utilisation=utilisation), MEASURED[0])


def test_own_seconds_replace_the_measured_ones() -> None:
    changed = {c.part: c.media_minute_s for c in with_seconds(MEASURED, {"judge": 2.5})}
    assert changed["judge"] == 2.5
    assert changed["vision"] == next(c.media_minute_s for c in MEASURED if c.part == "vision")
    with pytest.raises(ValueError, match="jury"):
        with_seconds(MEASURED, {"jury": 1.0})


def test_the_table_has_a_row_a_part_and_a_column_a_load() -> None:
    lines = capacity_text([Load(100_000), Load(1_000_000)], MEASURED).splitlines()
    assert len(lines) == 2 + len(MEASURED)
    assert "100,000 a day" in lines[0]
    assert "1,000,000 a day" in lines[0]
    (judge,) = [line for line in lines if line.startswith("| judge")]
    small, large = (int(cell.strip().replace(",", "")) for cell in judge.split("|")[-3:-1])
    assert 9 * small < large < 11 * small
