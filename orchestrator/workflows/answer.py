"""One recording from its file to its evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from orchestrator.workflows.inputs import (
        AnswerFiles,
        AnswerInput,
        JudgeInput,
        Prepared,
        PrepareInput,
        StageFailure,
        StageInput,
    )
    from orchestrator.workflows.stages import BRIEF, QUICK_TRY, activity, found, quick, stage, together
    from servicekit.media import Media

# Histories without this marker translated each answer before the result was published.
TRANSLATION_AFTER_RESULT = "translation-after-result"


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
        evidence = await self._fused(files)
        await self._cleaned_up(answer)
        return evidence

    async def _fused(self, files: AnswerFiles) -> Media:
        try:
            return cast(Media, await activity("fuse", files, Media, QUICK_TRY))
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            # A fault of ours costs this answer, not the session: its evidence says so, without what it cannot take.
            lost = AnswerFiles(files.answer, error_reason="INTERNAL", error_message="Internal error.")
            return cast(Media, await activity("fuse", lost, Media, QUICK_TRY))

    async def _cleaned_up(self, answer: AnswerInput) -> None:
        try:
            await quick("clean_up", answer, BRIEF)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise  # else the worker's sweep deletes the recording: no session waits for that

    async def _prepared(self, answer: AnswerInput) -> Prepared | StageFailure:
        video = await stage("fetch", answer, answer, Media)
        if isinstance(video, StageFailure):
            return video
        return await stage("prepare", answer, PrepareInput(answer, video), Prepared)

    async def _analyzed(self, files: AnswerFiles, prepared: Prepared) -> AnswerFiles:
        video, sound = StageInput(files.answer, prepared.video), StageInput(files.answer, prepared.sound)
        outcomes = await together(
            self._spoken(files, sound),
            stage("watch", files.answer, video, Media),
            stage("listen", files.answer, sound, Media),
        )
        spoken, vision, audio = cast(tuple[AnswerFiles, Media | StageFailure, Media | StageFailure], tuple(outcomes))
        return replace(
            spoken,
            duration_s=prepared.duration_s,
            vision=found(vision),
            audio=found(audio),
            recording=prepared.recording,
        )

    async def _spoken(self, files: AnswerFiles, sound: StageInput) -> AnswerFiles:
        transcript = await stage("transcribe", files.answer, sound, Media)
        if isinstance(transcript, StageFailure):
            return files
        request = JudgeInput(files.answer, transcript)
        evaluation = await stage("evaluate", files.answer, request, Media | None)
        files = replace(files, transcript=transcript, evaluation=found(evaluation))
        if workflow.patched(TRANSLATION_AFTER_RESULT):
            return files
        translation = await stage("translate", files.answer, request, Media | None)
        return replace(files, translation=found(translation))
