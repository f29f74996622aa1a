"""When a stage that failed is tried again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator.activities.stage import (
    LONGEST_WAIT,
    LOST_TRIES,
    UNAVAILABLE_PATIENCE,
    heartbeating,
    retry_delay_s,
)
from servicekit.errors import ServiceError, at_capacity, model_not_ready, storage_down, store_refused, upstream_down


@pytest.mark.parametrize("attempt", [1, 2, 5])
def test_a_full_service_is_asked_less_and_less_often(attempt: int) -> None:
    delays_s = [retry_delay_s(at_capacity(2.0), attempt) for _ in range(100)]
    assert 1.5 * attempt <= min(delays_s) < max(delays_s) <= 2.5 * attempt


def test_but_not_seldom() -> None:
    assert retry_delay_s(at_capacity(1.0), 1000) <= 1.25 * LONGEST_WAIT


def test_a_service_that_comes_back_is_asked_as_it_said() -> None:
    error = model_not_ready()
    assert retry_delay_s(error, 7) == error.retry_after_s


async def tried(error: BaseException, before: list[Any]) -> tuple[BaseException, list[Any]]:
    """One try of a stage; gives its failure and what it tells the next one."""
    environment, told = ActivityEnvironment(), []
    environment.info = replace(environment.info, heartbeat_details=before, attempt=9)
    environment.on_heartbeat = lambda *details: told.append(list(details))

    async def failing() -> None:
        async with heartbeating():
            await asyncio.sleep(0)  # the first heartbeat goes out, as it does long before a call fails
            raise error

    with pytest.raises(BaseException) as failed:  # noqa: PT011 - which one is looked at
        await environment.run(failing)
    return failed.value, told[-1]


def is_final(failure: BaseException) -> bool:
    return isinstance(failure, ApplicationError) and failure.non_retryable


async def test_a_service_that_goes_away_is_waited_for() -> None:
    """A stage may have waited or run for hours before its replica is drained."""
    failure, told = await tried(upstream_down("The service"), [])
    assert not is_final(failure)
    again, told_again = await tried(upstream_down("The service"), told)
    assert not is_final(again)
    assert told_again == told


async def test_a_service_that_stays_away_is_given_up() -> None:
    since = datetime.now(UTC) - UNAVAILABLE_PATIENCE - timedelta(seconds=1)
    for details in ([0, 0, since.isoformat()], [since.isoformat()]):  # as an older version told it
        failure, _ = await tried(upstream_down("The service"), details)
        assert is_final(failure)


async def test_a_database_or_store_that_stays_away_is_not() -> None:
    since = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    for error in (storage_down("database"), store_refused()):
        failure, _ = await tried(error, [0, 0, since])
        assert not is_final(failure)


async def test_a_service_that_answers_has_come_back() -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    failure, told = await tried(at_capacity(1.0), [0, 0, since.isoformat()])
    assert not is_final(failure)
    assert told == [0, 0, ""]


async def test_a_full_service_is_waited_for_however_long_it_takes() -> None:
    told: list[Any] = []
    for _ in range(100):
        failure, told = await tried(at_capacity(1.0), told)
        assert not is_final(failure)


async def test_a_recording_that_brings_workers_down_does_not_go_on_for_ever() -> None:
    told: list[list[Any]] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: told.append(list(details))

    async def lost() -> None:
        async with heartbeating():
            await asyncio.sleep(0)  # and no end: what was told last is what the next try hears

    for _ in range(LOST_TRIES):
        environment.info = replace(environment.info, heartbeat_details=told[-1] if told else [])
        await environment.run(lost)
    environment.info = replace(environment.info, heartbeat_details=told[-1])
    with pytest.raises(ApplicationError) as failed:
        await environment.run(lost)
    assert (failed.value.type, failed.value.non_retryable) == ("TIMED_OUT", True)


async def test_a_worker_that_is_stopped_is_no_lost_try() -> None:
    _, told = await tried(asyncio.CancelledError(), [2, 1, ""])
    assert told == [2, 1, ""]


async def test_broken_output_of_the_judge_is_asked_for_once_more() -> None:
    broken = ServiceError(grpc.StatusCode.INTERNAL, "JUDGE_OUTPUT_INVALID", "No.")
    failure, told = await tried(broken, [0, 0, ""])  # its ninth try: eight found the judge full
    assert not is_final(failure)
    failure, _ = await tried(broken, told)
    assert is_final(failure)
