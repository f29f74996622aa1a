"""The copies of a published session's recordings that can be played."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.inputs import AnswerInput
    from orchestrator.workflows.stages import (
        BRIEF,
        QUICK_TRY,
        STAGE_HEARTBEAT,
        STAGE_TRY,
        activity,
        quick,
    )


@workflow.defn
class PlaybackWorkflow:
    """One copy after the other, and the recording that each is made of goes: nobody waits for this.

    The rows say which are to be made, so that it does not matter who started it and how often.
    """

    @workflow.run
    async def run(self, session_id: str) -> None:
        """Make what is to be made; a recording that cannot be copied is given up."""
        while (answer := await activity("next_playback", session_id, AnswerInput | None, QUICK_TRY)) is not None:
            await self._made(answer)
            await self._cleaned_up(answer)

    async def _made(self, answer: AnswerInput) -> None:
        try:
            await activity("make_playback", answer, type(None), STAGE_TRY, STAGE_HEARTBEAT)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            await quick("give_up_playback", answer)

    async def _cleaned_up(self, answer: AnswerInput) -> None:
        try:
            await quick("clean_up", answer, BRIEF)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise  # else the worker's sweep deletes the recording
