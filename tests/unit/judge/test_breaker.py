from __future__ import annotations

from services.judge.remote.breaker import Breaker


def test_opens_after_failures_in_a_row_and_closes_with_a_success() -> None:
    now = [100.0]
    breaker = Breaker(2, 60, clock=lambda: now[0])
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.open_s == 0
    breaker.failed()
    assert breaker.open_s == 60
    now[0] += 61
    assert breaker.open_s == 0
    breaker.failed()
    assert breaker.open_s == 60
    breaker.succeeded()
    assert breaker.open_s == 0
