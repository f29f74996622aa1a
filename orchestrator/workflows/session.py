"""A session from its first answer to its result."""

from __future__ import annotations

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, WorkflowAlreadyStartedError, is_cancelled_exception
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.answer import TRANSLATION_AFTER_RESULT, AnswerWorkflow
    from orchestrator.workflows.ending import ErasureWorkflow, NotificationWorkflow
    from orchestrator.workflows.inputs import (
        AnswerInput,
        ErasureInput,
        PublishInput,
        SessionInput,
        translation_workflow_id,
    )
    from orchestrator.workflows.stages import STAGE_HEARTBEAT, STAGE_TRY, activity, quick
    from orchestrator.workflows.translation import TranslationWorkflow
    from servicekit.media import Media


@workflow.defn
class SessionWorkflow:
    """All answers at the same time, then summary and result, then the retention timer and the translations."""

    @workflow.run
    async def run(self, session: SessionInput) -> None:
        """Run a session to its end, whatever becomes of single answers."""
        try:
            await quick("begin_session", session.session_id)
            answers = await asyncio.gather(*(self._answer(session, i) for i in range(session.answer_count)))
            summary = await self._summary(session.session_id, answers)
            await quick("publish", PublishInput(session.session_id, tuple(answers), summary, session.retention_s))
        except BaseException as error:
            ending = "cancel_session" if is_cancelled_exception(error) else "fail_session"
            await asyncio.shield(quick(ending, session))
        await workflow.start_child_workflow(
            NotificationWorkflow.run,
            session.session_id,
            id=f"notify-{session.session_id}",
            parent_close_policy=ParentClosePolicy.ABANDON,
        )
        await workflow.start_child_workflow(
            ErasureWorkflow.run,
            ErasureInput(session.session_id, session.retention_s),
            id=f"retention-{session.session_id}",
            parent_close_policy=ParentClosePolicy.ABANDON,
        )
        if workflow.patched(TRANSLATION_AFTER_RESULT):
            await self._translate(session.session_id)

    async def _translate(self, session_id: str) -> None:
        try:
            await workflow.start_child_workflow(
                TranslationWorkflow.run,
                session_id,
                id=translation_workflow_id(session_id),
                parent_close_policy=ParentClosePolicy.ABANDON,
            )
        except WorkflowAlreadyStartedError:
            return  # somebody has asked for a translation since the result was published: it makes all of them

    async def _answer(self, session: SessionInput, index: int) -> Media:
        answer = AnswerInput(session.session_id, index)
        return await workflow.execute_child_workflow(
            AnswerWorkflow.run, answer, id=f"answer-{session.session_id}-{index}"
        )

    async def _summary(self, session_id: str, answers: list[Media]) -> Media | None:
        try:
            request = PublishInput(session_id, tuple(answers))
            found: Media | None = await activity(
                "summarize", request, Media | None, STAGE_TRY, heartbeat=STAGE_HEARTBEAT
            )
            return found
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return None
