"""A session from its first answer to its result."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, WorkflowAlreadyStartedError, is_cancelled_exception
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.answer import TRANSLATION_AFTER_RESULT, AnswerWorkflow
    from orchestrator.workflows.closure import ErasureWorkflow, NotificationWorkflow
    from orchestrator.workflows.inputs import (
        AnswerInput,
        Begun,
        ErasureInput,
        PublishInput,
        SessionInput,
        playback_workflow_id,
        translation_workflow_id,
    )
    from orchestrator.workflows.playback import PlaybackWorkflow
    from orchestrator.workflows.queues import RETENTION, WORKFLOWS, queue_name
    from orchestrator.workflows.stages import QUICK_TRY, STAGE_HEARTBEAT, STAGE_TRY, activity, finish, quick, together
    from orchestrator.workflows.translation import TranslationWorkflow
    from servicekit.media import Media

# Histories without this marker deleted every recording once it was processed.
PLAYBACK_AFTER_RESULT = "playback-after-result"


@workflow.defn
class SessionWorkflow:
    """All answers at the same time, then summary and result, then the retention timer, the translations and what can be
    played.
    """

    @workflow.run
    async def run(self, session: SessionInput) -> None:
        """Run a session to its end, whatever becomes of single answers."""
        plays = False
        try:
            # None: begun by a version that never went on with a session.
            begun: Begun = await activity("begin_session", session.session_id, Begun | None, QUICK_TRY) or Begun(True)
            if not begun.open:
                return
            ended = begun.answers or (None,) * session.answer_count
            answers = await together(*(self._answer(session, i, found) for i, found in enumerate(ended)))
            summary = await self._summary(session.session_id, answers)
            await quick("publish", PublishInput(session.session_id, tuple(answers), summary, session.retention_s))
            plays = begun.keeps_recordings and workflow.patched(PLAYBACK_AFTER_RESULT)
        except (Exception, asyncio.CancelledError) as error:  # not what clears it from memory
            ending = "cancel_session" if is_cancelled_exception(error) else "fail_session"
            await finish(ending, session)
        # What is there already reads the rows when its time has come: news of a session that was deleted under this id,
        # the timer of a result before this one, translations that somebody has asked for meanwhile.
        await _follow(NotificationWorkflow.run, session.session_id, f"notify-{session.session_id}")
        retention = ErasureInput(session.session_id, session.retention_s)
        await _follow(ErasureWorkflow.run, retention, f"retention-{session.session_id}", RETENTION)
        if workflow.patched(TRANSLATION_AFTER_RESULT):
            await _follow(TranslationWorkflow.run, session.session_id, translation_workflow_id(session.session_id))
        if plays:
            await _follow(PlaybackWorkflow.run, session.session_id, playback_workflow_id(session.session_id))

    async def _answer(self, session: SessionInput, index: int, ended: Media | None) -> Media:
        if ended is not None:
            return ended
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


async def _follow(run: Any, request: Any, workflow_id: str, queue: str = WORKFLOWS) -> None:
    """Start what outlives the session, unless it is there."""
    try:
        await workflow.start_child_workflow(
            run,
            request,
            id=workflow_id,
            task_queue=queue_name(workflow.info().task_queue, queue),
            parent_close_policy=ParentClosePolicy.ABANDON,
        )
    except WorkflowAlreadyStartedError:
        return
