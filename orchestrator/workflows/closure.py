"""What follows a session: news of it, and its deletion."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.inputs import ErasureInput
    from orchestrator.workflows.stages import QUICK_TRY, STAGE_HEARTBEAT, activity

NOTIFY_TRY, NOTIFY_TOTAL = timedelta(seconds=30), timedelta(hours=24)
NOTIFY_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(hours=1))
# As long as the activities of a session may take to end once they are cancelled, and some more.
STOP_TRY = timedelta(minutes=5)
# Histories without this marker deleted when their time was over, whatever had become of the session meanwhile.
RETENTION_STANDS_IN_ROWS = "retention-stands-in-rows"


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
    """Delete a session for good, now or after its retention time, which may have become longer."""

    @workflow.run
    async def run(self, erasure: ErasureInput) -> int:
        """Return how many objects there were: as it was stopped, or after that where stages still wrote some."""
        await workflow.sleep(erasure.delay_s)
        if erasure.delay_s and workflow.patched(RETENTION_STANDS_IN_ROWS):
            while (left_s := await activity("retention_left", erasure, float, QUICK_TRY)) > 0:
                await workflow.sleep(left_s)
        # Stopping a session deletes its recordings. None: stopped by a version that did not count.
        before: int | None = await activity("stop_session", erasure.session_id, int | None, STOP_TRY, STAGE_HEARTBEAT)
        deleted: int = await activity("erase_session", erasure.session_id, int, QUICK_TRY)
        return max(before or 0, deleted)
