"""Durable workflows: a session, each of its answers, and erasure. Activities are called by name."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    TimeoutError,
    WorkflowAlreadyStartedError,
    is_cancelled_exception,
)
from temporalio.workflow import ActivityCancellationType, ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from orchestrator.types import (
        AnswerFiles,
        AnswerInput,
        ErasureInput,
        JudgeInput,
        Prepared,
        PrepareInput,
        PublishInput,
        SessionInput,
        StageFailure,
        StageInput,
        TranslationsEnd,
        translation_workflow_id,
    )
    from servicekit.media import Media

T = TypeVar("T")

# A stage may wait for capacity or for a service to come back; past this it counts as failed.
STAGE_TOTAL = timedelta(hours=4)
# One try: two hours of video take about 40 minutes of vision on one core.
STAGE_TRY = timedelta(hours=2)
# A stage heartbeats every two seconds; a worker that is silent for so long is dead.
STAGE_HEARTBEAT = timedelta(seconds=15)
# Database and object store only, and up to a minute of waiting for a workflow to wind down. A worker that dies in the
# middle of it holds its session up for so long: these activities do not heartbeat.
QUICK_TRY = timedelta(seconds=90)
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15))
# About nine minutes of a database or store that refuses, longer of one that hangs; then it is a fault and said so.
PERSISTENT = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15), maximum_attempts=40
)

NOTIFY_TRY, NOTIFY_TOTAL = timedelta(seconds=30), timedelta(hours=24)
NOTIFY_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(hours=1))

STAGE_OF = {"translate_answer": "translate"}
"""The stage that an activity does, where it has another name."""

# Histories without this marker translated each answer before the result was published.
TRANSLATION_AFTER_RESULT = "translation-after-result"


@workflow.defn
class SessionWorkflow:
    """All answers at the same time, then summary and result, then the retention timer and the translations."""

    @workflow.run
    async def run(self, session: SessionInput) -> None:
        """Run a session to its end, whatever becomes of single answers."""
        try:
            await _quick("begin_session", session.session_id)
            answers = await asyncio.gather(*(self._answer(session, i) for i in range(session.answer_count)))
            summary = await self._summary(session.session_id, answers)
            await _quick("publish", PublishInput(session.session_id, tuple(answers), summary, session.retention_s))
        except BaseException as error:
            ending = "cancel_session" if is_cancelled_exception(error) else "fail_session"
            await asyncio.shield(_quick(ending, session))
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
            found: Media | None = await _activity(
                "summarize", request, Media | None, STAGE_TRY, heartbeat=STAGE_HEARTBEAT
            )
            return found
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return None


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
        except BaseException as error:
            end = TranslationsEnd(session_id, is_cancelled_exception(error))
            await asyncio.shield(_quick("end_translations", end))

    async def _all(self, session_id: str) -> None:
        while True:
            await _quick("complete_result", session_id)
            answer = await _activity("next_translation", session_id, AnswerInput | None, QUICK_TRY)
            if answer is None:
                return
            # Its try has ended before its cancellation goes on: two at a time would overwrite each other's result.
            await _stage(
                "translate_answer", answer, answer, type(None), ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
            )


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
class AnswerWorkflow:
    """One recording: fetch, prepare, then sound, picture and voices at the same time, judge, fuse, clean up."""

    @workflow.run
    async def run(self, answer: AnswerInput) -> Media:
        """Return the evidence artefact; a failed stage leaves a hole in it, never an exception."""
        files = AnswerFiles(answer)
        prepared = await self._prepared(answer)
        if isinstance(prepared, StageFailure):
            files = replace(files, error_reason=prepared.reason, error_message=prepared.message)
        else:
            files = await self._analyzed(files, prepared)
        evidence: Media = await _activity("fuse", files, Media, QUICK_TRY)
        await _quick("clean_up", answer)
        return evidence

    async def _prepared(self, answer: AnswerInput) -> Prepared | StageFailure:
        video = await _stage("fetch", answer, answer, Media)
        if isinstance(video, StageFailure):
            return video
        return await _stage("prepare", answer, PrepareInput(answer, video), Prepared)

    async def _analyzed(self, files: AnswerFiles, prepared: Prepared) -> AnswerFiles:
        video, sound = StageInput(files.answer, prepared.video), StageInput(files.answer, prepared.sound)
        spoken, vision, audio = await asyncio.gather(
            self._spoken(files, sound),
            _stage("watch", files.answer, video, Media),
            _stage("listen", files.answer, sound, Media),
        )
        return replace(spoken, duration_s=prepared.duration_s, vision=_found(vision), audio=_found(audio))

    async def _spoken(self, files: AnswerFiles, sound: StageInput) -> AnswerFiles:
        transcript = await _stage("transcribe", files.answer, sound, Media)
        if isinstance(transcript, StageFailure):
            return files
        request = JudgeInput(files.answer, transcript)
        evaluation = await _stage("evaluate", files.answer, request, Media | None)
        files = replace(files, transcript=transcript, evaluation=_found(evaluation))
        if workflow.patched(TRANSLATION_AFTER_RESULT):
            return files
        translation = await _stage("translate", files.answer, request, Media | None)
        return replace(files, translation=_found(translation))


@workflow.defn
class ErasureWorkflow:
    """Delete a session for good, now or after its retention time."""

    @workflow.run
    async def run(self, erasure: ErasureInput) -> int:
        """Return how many objects were deleted."""
        await workflow.sleep(erasure.delay_s)
        await _quick("stop_session", erasure.session_id)
        deleted: int = await _activity("erase_session", erasure.session_id, int, QUICK_TRY)
        return deleted


async def _stage(
    name: str,
    answer: AnswerInput,
    request: Any,
    result: type[T] | Any,
    cancellation: ActivityCancellationType = ActivityCancellationType.TRY_CANCEL,
) -> T | StageFailure:
    """Run a stage; on failure record it and return it."""
    try:
        found: T = await _activity(name, request, result, STAGE_TRY, STAGE_HEARTBEAT, cancellation)
        return found
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        failure = _failure(answer, STAGE_OF.get(name, name), error)
        await _quick("fail_stage", failure)
        return failure


async def _quick(name: str, request: Any) -> None:
    await _activity(name, request, type(None), QUICK_TRY)


async def _activity(
    name: str,
    request: Any,
    result: Any,
    one_try: timedelta,
    heartbeat: timedelta | None = None,
    cancellation: ActivityCancellationType = ActivityCancellationType.TRY_CANCEL,
) -> Any:
    return await workflow.execute_activity(
        name,
        request,
        result_type=result,
        start_to_close_timeout=one_try,
        schedule_to_close_timeout=STAGE_TOTAL,
        heartbeat_timeout=heartbeat,
        retry_policy=PATIENT if heartbeat else PERSISTENT,
        cancellation_type=cancellation,
    )


def _found(outcome: Media | StageFailure | None) -> Media | None:
    return outcome if isinstance(outcome, Media) else None


def _failure(answer: AnswerInput, stage: str, error: ActivityError) -> StageFailure:
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return StageFailure(answer, stage, cause.type or "INTERNAL", cause.message)
    if isinstance(cause, TimeoutError):
        return StageFailure(answer, stage, "TIMED_OUT", "The stage did not finish in time. Submit the answer again.")
    return StageFailure(answer, stage, "INTERNAL", "Internal error.")


WORKFLOWS = [SessionWorkflow, AnswerWorkflow, TranslationWorkflow, NotificationWorkflow, ErasureWorkflow]
