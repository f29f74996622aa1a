"""What becomes of an activity that fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from orchestrator.activities.faults import FAULT_TRIES, LONGEST_PAUSE_S, NEVER_GIVEN_UP, Faults
from servicekit.errors import media_not_found, storage_down, store_refused, upstream_down
from tests.unit.orchestrator.test_metrics import Count


class Failing(ActivityInboundInterceptor):
    """An activity that fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        raise self._error


async def failed(error: Exception, attempt: int, name: str = "publish") -> Exception:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=attempt, activity_type=name)

    async def run() -> None:
        await Faults().intercept_activity(Failing(error)).execute_activity(None)  # type: ignore[arg-type]

    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what the tests look at
        await environment.run(run)
    return caught.value


@pytest.mark.parametrize("error", [storage_down("database"), store_refused()], ids=lambda e: str(e.reason))
async def test_an_outage_is_waited_for_without_end(error: Exception) -> None:
    """Nine minutes of it were final once."""
    with Count("interview_storage_waits_total", activity="publish") as waits:
        found = await failed(error, attempt=100_000)
    assert isinstance(found, ApplicationError)
    assert not found.non_retryable
    assert found.next_retry_delay is not None
    assert found.next_retry_delay.total_seconds() == LONGEST_PAUSE_S
    assert waits.grown == 1


async def test_what_cannot_help_is_not_tried_again() -> None:
    found = await failed(media_not_found("file:///x"), attempt=1)
    assert isinstance(found, ApplicationError)
    assert (found.non_retryable, found.type) == (True, "MEDIA_NOT_FOUND")


async def test_a_bug_is_given_up_after_some_tries() -> None:
    early, late = await failed(KeyError("x"), 1), await failed(KeyError("x"), FAULT_TRIES)
    assert isinstance(early, ApplicationError)
    assert isinstance(late, ApplicationError)
    assert (early.non_retryable, late.non_retryable, late.type) == (False, True, "INTERNAL")
    assert "x" not in late.message


@pytest.mark.parametrize("name", NEVER_GIVEN_UP)
@pytest.mark.parametrize("error", [KeyError("x"), media_not_found("file:///x"), upstream_down("It")], ids=type)
async def test_deleting_is_never_given_up(name: str, error: Exception) -> None:
    found = await failed(error, 1000, name)
    assert isinstance(found, ApplicationError)
    assert not found.non_retryable


async def test_what_an_activity_says_itself_stands() -> None:
    said = ApplicationError("No.", type="CAPACITY", non_retryable=True)
    assert await failed(said, 1) is said
