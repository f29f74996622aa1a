"""The translations of a published session."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.exceptions import is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.inputs import AnswerInput, TranslationsEnd
    from orchestrator.workflows.stages import QUICK_TRY, activity, finish, quick, stage


@workflow.defn
class TranslationWorkflow:
    """The translations of a published session, one after the other: the judge is there for ratings first.

    The rows say which are to come, so that it does not matter who started it and how often.
    """

    def __init__(self) -> None:
        self._asked = False

    @workflow.signal
    def look(self) -> None:
        """A translation was asked for: look again before ending."""
        self._asked = True

    @workflow.run
    async def run(self, session_id: str) -> None:
        """Translate what is to come, publishing the result again with each; then end."""
        try:
            while True:
                self._asked = False
                await self._all(session_id)
                if not self._asked:
                    return
        except (Exception, asyncio.CancelledError) as error:  # not what clears it from memory
            end = TranslationsEnd(session_id, is_cancelled_exception(error))
            await finish("end_translations", end)

    async def _all(self, session_id: str) -> None:
        while True:
            await quick("complete_result", session_id)
            answer = await activity("next_translation", session_id, AnswerInput | None, QUICK_TRY)
            if answer is None:
                return
            # Its try has ended before its cancellation goes on: two at a time would overwrite each other's result.
            await stage("translate_answer", answer, answer, type(None))
