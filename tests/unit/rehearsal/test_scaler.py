"""The autoscaler's arithmetic."""

from __future__ import annotations

import pytest

from rehearsal.servers.scaler import Scaler, ScalingRule, demand, highest_demand, recommended

RULE = ScalingRule(target=4.0, minimum=1, maximum=6, stabilization_s=60.0)
METRICS = """\
# HELP interview_service_demand Calls that wait for a service or run there, over all sessions.
# TYPE interview_service_demand gauge
interview_service_demand{service="judge"} 7.0
interview_service_demand{service="audio"} 0.0
"""


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(
    ("calls", "current", "wanted"),
    [
        (4, 1, 1),
        (5, 1, 2),
        (8, 1, 2),
        (9, 1, 3),
        (0, 3, 0),
        (13, 3, 3),  # 8 % over the target of three: within the tolerance
        (14, 3, 4),
        (11, 3, 3),
        (10, 3, 3),
        (8, 3, 2),
    ],
)
def test_demand_over_target_rounded_up(calls: float, current: int, wanted: int) -> None:
    assert recommended(calls, 4.0, current) == wanted


def test_it_stays_within_its_bounds() -> None:
    assert Scaler(RULE).replicas(1000, 1) == 6
    assert Scaler(RULE).replicas(0, 1) == 1


def test_up_at_once_and_down_only_when_fewer_were_enough_for_the_whole_window() -> None:
    clock = Clock()
    scaler = Scaler(RULE, clock)
    assert scaler.replicas(16, 1) == 4
    clock.now_s = 30
    assert scaler.replicas(4, 4) == 4
    clock.now_s = 59
    assert scaler.replicas(8, 4) == 4
    clock.now_s = 61  # the first recommendation is older than the window; two is the highest in it
    assert scaler.replicas(4, 4) == 2
    clock.now_s = 125
    assert scaler.replicas(4, 2) == 1


def test_a_burst_within_the_window_starts_it_anew() -> None:
    clock = Clock()
    scaler = Scaler(RULE, clock)
    scaler.replicas(16, 1)
    clock.now_s = 50
    assert scaler.replicas(20, 4) == 5
    clock.now_s = 100
    assert scaler.replicas(0, 5) == 5


def test_to_zero_after_the_cooldown_and_back_with_the_first_call() -> None:
    clock = Clock()
    scaler = Scaler(ScalingRule(4.0, 0, 6, stabilization_s=0.0, cooldown_s=300.0), clock)
    assert scaler.replicas(2, 1) == 1
    clock.now_s = 299
    assert scaler.replicas(0, 1) == 1
    clock.now_s = 300
    assert scaler.replicas(0, 1) == 0
    assert scaler.replicas(0, 0) == 0
    clock.now_s = 400
    assert scaler.replicas(20, 0) == 1
    assert scaler.replicas(20, 1) == 5


def test_the_metric_of_one_service_is_read() -> None:
    assert demand(METRICS, "judge") == 7.0
    assert demand(METRICS, "audio") == 0.0
    assert demand("", "judge") is None


def test_a_worker_that_does_not_answer_is_passed_over() -> None:
    assert highest_demand(["http://127.0.0.1:1/metrics"], "judge") is None
