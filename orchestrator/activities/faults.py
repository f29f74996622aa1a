"""What becomes of an activity that fails: an outage is waited for, a fault is tried a few times and then said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from orchestrator import metrics
from servicekit.errors import ServiceError, internal_error
from servicekit.telemetry.logs import get_logger

log = get_logger()
FAULT_TRIES = 10
"""Of what may be a bug: about two minutes, in case something only looked like one."""

LONGEST_PAUSE_S = 60.0
NEVER_GIVEN_UP = ("stop_session", "erase_session", "cancel_session", "fail_session")
"""Deleting, and ending what could not be done: leaving these out would leave a person's data behind."""


class Faults(Interceptor):
    """Around every activity of a worker."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Say what the activity's failures mean."""
        return _Judged(next)


class _Judged(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        try:
            return await super().execute_activity(input)
        except FailureError:
            raise  # it has said itself what it means
        except ServiceError as error:
            raise failure(error, activity.info()) from None
        except Exception as error:
            raise _fault(error, activity.info()) from error


def failure(error: ServiceError, info: activity.Info) -> ApplicationError:
    """A failure with a reason, as Temporal understands it: retried without end where waiting helps."""
    if error.of_storage:
        metrics.STORAGE_WAITS.labels(info.activity_type).inc()
    again = error.retryable or info.activity_type in NEVER_GIVEN_UP
    log.info("activity failed", activity=info.activity_type, reason=error.reason, attempt=info.attempt)
    return ApplicationError(
        error.message,
        type=error.reason,
        non_retryable=not again,
        next_retry_delay=timedelta(seconds=_pause_s(info.attempt)) if again else None,
    )


def _fault(error: Exception, info: activity.Info) -> ApplicationError:
    again = info.attempt < FAULT_TRIES or info.activity_type in NEVER_GIVEN_UP
    log.exception("activity failed", activity=info.activity_type, error_type=type(error).__name__)
    found = internal_error()
    pause = timedelta(seconds=_pause_s(info.attempt))
    return ApplicationError(
        found.message, type=found.reason, non_retryable=not again, next_retry_delay=pause if again else None
    )


def _pause_s(attempt: int) -> float:
    return float(min(2 ** min(attempt - 1, 10), LONGEST_PAUSE_S))
