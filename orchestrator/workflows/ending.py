"""What follows a session: news of it, and its deletion."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.inputs import ErasureInput
    from orchestrator.workflows.stages import QUICK_TRY, activity, quick

NOTIFY_TRY, NOTIFY_TOTAL = timedelta(seconds=30), timedelta(hours=24)
NOTIFY_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(hours=1))


@workflow.defn
class NotificationWorkflow:
    """Tell the caller's system that a session has ended, for up to a day."""

    @workflow.run
    async def run(self, session_id: str) -> None:
        """A server that never answers is given up; the session is none the worse."""
        await workflow.execute_activity(
            "notify",
            session_id,
            start_to_close_timeout=NOTIFY_TRY,
            schedule_to_close_timeout=NOTIFY_TOTAL,
            retry_policy=NOTIFY_RETRY,
        )


@workflow.defn
class ErasureWorkflow:
    """Delete a session for good, now or after its retention time."""

    @workflow.run
    async def run(self, erasure: ErasureInput) -> int:
        """Return how many objects were deleted."""
        await workflow.sleep(erasure.delay_s)
        await quick("stop_session", erasure.session_id)
        deleted: int = await activity("erase_session", erasure.session_id, int, QUICK_TRY)
        return deleted
