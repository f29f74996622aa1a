"""A day of arrivals, replica by replica."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.capacity import Cost, Load
from rehearsal.day import A_DAY, State, always, arrivals_s, by_demand, by_load, day_text, simulate, typical_text

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "scaling.md").read_text()
SMALL = Load(500, answers=2, minutes_an_answer=1)
COST = Cost("part", media_minute_s=60)


def test_most_arrive_about_the_busiest_hour() -> None:
    found = arrivals_s(Load(20_000, peak=3), seed=2)
    assert len(found) == pytest.approx(20_000, rel=0.05)
    busiest = sum(13.5 * 3600 < at < 14.5 * 3600 for at in found)
    assert busiest == pytest.approx(3 * 20_000 / 24, rel=0.1)


def test_every_call_is_taken_once() -> None:
    day = simulate(SMALL, COST, by_demand(4, 1, 10), start_s=60)
    assert len(day.waits_s) == 2 * len(arrivals_s(SMALL, seed=1))
    assert min(day.waits_s) >= 0


def test_enough_replicas_let_nobody_wait_and_cost_what_they_are() -> None:
    day = simulate(SMALL, COST, always(40), start_s=60)
    assert day.wait_s(1.0) == 0
    assert day.most_replicas == 40
    assert day.replica_hours == pytest.approx(40 * 25, rel=0.01)


def test_one_replica_does_one_call_after_the_other() -> None:
    day = simulate(Load(1, answers=4, minutes_an_answer=1, peak=1), COST, always(1), start_s=0, seed=1)
    assert sorted(day.waits_s) == [pytest.approx(60.0 * n) for n in range(4)]


def test_what_starts_slowly_makes_people_wait() -> None:
    quick, slow = (simulate(SMALL, COST, by_demand(2, 0, 20), start_s) for start_s in (10, 600))
    assert quick.wait_s(0.95) + 60 < slow.wait_s(0.95)


def test_following_the_demand_costs_less_than_the_peak() -> None:
    followed, fixed = (simulate(SMALL, COST, policy, 30) for policy in (by_demand(4, 1, 20), always(10)))
    assert followed.replica_hours < fixed.replica_hours / 2


@pytest.mark.parametrize(
    ("now", "demand", "load"),
    [
        (State(0, 0, 2), 1, 1),
        (State(0, 2, 2), 1, 4),
        (State(30, 10, 10), 10, 17),
        (State(400, 0, 0), 20, 2),
    ],
)
def test_what_policies_want(now: State, demand: int, load: int) -> None:
    assert by_demand(4, 1, 20)(now) == demand
    assert by_load(0.6, 1, 20)(now) == load


def test_with_a_price_the_day_has_a_cost() -> None:
    text = day_text(SMALL, COST, 60, [("fixed", always(40))], price=0.5)
    assert text.splitlines()[0].split("|")[-2].strip() == "cost"
    assert float(text.splitlines()[-1].split("|")[-2]) == pytest.approx(40 * 25 * 0.5, rel=0.01)
    with pytest.raises(ValueError, match="judge"):
        typical_text(A_DAY, {"judge": 1.0})


def test_the_page_shows_this_day() -> None:
    assert A_DAY.interviews_a_day == 10_000
    assert typical_text(A_DAY) in PAGE
