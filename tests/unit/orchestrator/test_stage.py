"""When a stage that failed is tried again."""

from __future__ import annotations

import pytest

from orchestrator.activities.stage import LONGEST_WAIT, retry_delay_s
from servicekit.errors import at_capacity, model_not_ready


@pytest.mark.parametrize("attempt", [1, 2, 5])
def test_a_full_service_is_asked_less_and_less_often(attempt: int) -> None:
    delays_s = [retry_delay_s(at_capacity(2.0), attempt) for _ in range(100)]
    assert 1.5 * attempt <= min(delays_s) < max(delays_s) <= 2.5 * attempt


def test_but_not_seldom() -> None:
    assert retry_delay_s(at_capacity(1.0), 1000) <= 1.25 * LONGEST_WAIT


def test_a_service_that_comes_back_is_asked_as_it_said() -> None:
    error = model_not_ready()
    assert retry_delay_s(error, 7) == error.retry_after_s
