"""When a stage that failed is tried again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator.activities.stage import LONGEST_WAIT, UNAVAILABLE_PATIENCE, heartbeating, retry_delay_s
from servicekit.errors import ServiceError, at_capacity, model_not_ready, upstream_down


@pytest.mark.parametrize("attempt", [1, 2, 5])
def test_a_full_service_is_asked_less_and_less_often(attempt: int) -> None:
    delays_s = [retry_delay_s(at_capacity(2.0), attempt) for _ in range(100)]
    assert 1.5 * attempt <= min(delays_s) < max(delays_s) <= 2.5 * attempt


def test_but_not_seldom() -> None:
    assert retry_delay_s(at_capacity(1.0), 1000) <= 1.25 * LONGEST_WAIT


def test_a_service_that_comes_back_is_asked_as_it_said() -> None:
    error = model_not_ready()
    assert retry_delay_s(error, 7) == error.retry_after_s


async def tried(error: ServiceError, before: list[Any], started: datetime) -> tuple[ApplicationError, list[Any]]:
    """One try of a stage that was first scheduled at `started`; gives its failure and what it tells the next one."""
    environment, told = ActivityEnvironment(), []
    environment.info = replace(environment.info, scheduled_time=started, heartbeat_details=before, attempt=9)
    environment.on_heartbeat = lambda *details: told.append(list(details))

    async def failing() -> None:
        async with heartbeating():
            await asyncio.sleep(0)  # the first heartbeat goes out, as it does long before a call fails
            raise error

    with pytest.raises(ApplicationError) as failed:
        await environment.run(failing)
    return failed.value, told[-1]


async def test_a_service_that_goes_away_late_is_waited_for_all_the_same() -> None:
    """A stage may have waited or run for hours before its replica is drained."""
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    failure, told = await tried(upstream_down("The service"), [], long_ago)
    assert not failure.non_retryable
    again, told_again = await tried(upstream_down("The service"), told, long_ago)
    assert not again.non_retryable
    assert told_again == told


async def test_a_service_that_stays_away_is_given_up() -> None:
    since = datetime.now(UTC) - UNAVAILABLE_PATIENCE - timedelta(seconds=1)
    failure, _ = await tried(upstream_down("The service"), [since.isoformat()], since)
    assert failure.non_retryable


async def test_a_service_that_answers_has_come_back() -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    failure, told = await tried(at_capacity(1.0), [since.isoformat()], since)
    assert not failure.non_retryable
    assert told == []
