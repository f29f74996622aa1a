"""From rows and artefacts to the evidence of one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from orchestrator import artefacts, evidence
from orchestrator.fusion.findings.candidate import MAIN_VOICE, lips_voices, turns_of
from orchestrator.fusion.findings.lips import still_lips
from orchestrator.fusion.findings.synchrony import synchrony
from orchestrator.sessions.page import page_notes
from orchestrator.sessions.states import AnswerState, StageState
from orchestrator.sessions.tables import AnswerRow, StageRow
from orchestrator.workflows.inputs import AnswerFiles, AnswerInput, PublishInput
from servicekit.media import Media, MediaStore
from servicekit.wire import Span

T = TypeVar("T")
OF_THE_RECORDING = frozenset(
    {"NO_AUDIO_STREAM", "NO_VIDEO_STREAM", "MEDIA_UNREADABLE", "MEDIA_CORRUPT", "MEDIA_NOT_FOUND", "FIELD_INVALID"}
)
"""Reasons that lie in the recording itself: the same stage would fail with it again."""


@dataclass(frozen=True, slots=True)
class MouthAndVoice:
    """What the mouth tells of the voices. Fields are those of `evidence.AnswerEvidence`."""

    lips_voices: tuple[int, ...] = ()
    synchrony: evidence.Synchrony | None = None
    still_lips: tuple[Span, ...] = ()


def mouth_and_voice(audio: evidence.Audio, watched: evidence.Timeline) -> MouthAndVoice:
    """Whose voice the candidate's is, how far it belongs to the mouth that is seen, and when the mouth is still while
    somebody speaks.
    """
    own = lips_voices(audio.turns, audio.course_dbfs, watched)
    together = synchrony(audio.course_dbfs, turns_of(audio.turns, own or MAIN_VOICE) or audio.speech, watched)
    return MouthAndVoice(own, together, still_lips(audio.speech, watched, together.lag_s if together else None))


async def answer_evidence(row: AnswerRow, files: AnswerFiles, media: MediaStore) -> evidence.AnswerEvidence:
    """Everything that is known of an answer."""

    async def read(kind: type[T], artefact: Media | None) -> T | None:
        return None if artefact is None else evidence.from_json(kind, await media.read(artefact.uri))

    timeline = media.uri(artefacts.answer_key(files.answer, artefacts.TIMELINE))
    audio = await read(evidence.Audio, files.audio)
    mouth = MouthAndVoice()
    if files.vision and audio is not None:
        watched = evidence.from_json(evidence.Timeline, await media.read(timeline))
        mouth = mouth_and_voice(audio, watched)
    return evidence.AnswerEvidence(
        index=row.index,
        position_id=row.position_id,
        question=row.question,
        language=row.language,
        duration_s=files.duration_s,
        stages={s.name: stage_report(s) for s in row.stages if s.name != "fuse"},
        transcript=await read(evidence.Transcript, files.transcript),
        vision=await read(evidence.Vision, files.vision),
        audio=audio,
        evaluation=await read(evidence.Evaluation, files.evaluation),
        translation=await read(evidence.Translation, files.translation),
        timeline=artefacts.shown_name(files.answer, artefacts.TIMELINE) if files.vision else "",
        still_lips=mouth.still_lips,
        synchrony=mouth.synchrony,
        lips_voices=mouth.lips_voices,
        recording=await read(evidence.Recording, files.recording),
        error_reason=files.error_reason,
        error_message=files.error_message,
        page=page_notes(row.page),
    )


async def answers_of(request: PublishInput, media: MediaStore) -> tuple[evidence.AnswerEvidence, ...]:
    """The evidence of every answer of a session, in order."""
    return tuple([evidence.from_json(evidence.AnswerEvidence, await media.read(a.uri)) for a in request.answers])


async def prints_of(kind: type[T], name: str, session_id: str, count: int, media: MediaStore) -> dict[int, T]:
    """The stored voices or faces of a session's answers, by index; `name` is that of their artefact."""
    stored = set(await media.list(artefacts.session_prefix(session_id)))
    keys = {i: artefacts.answer_key(AnswerInput(session_id, i), name) for i in range(count)}
    return {i: evidence.from_json(kind, await media.read(media.uri(key))) for i, key in keys.items() if key in stored}


def answer_state(found: evidence.AnswerEvidence) -> tuple[AnswerState, str, str]:
    """How an answer ended, with reason and message when it failed.

    An answer fails when its recording could not be used at all, or when neither words, picture nor voices of it
    could be measured; it is partial when any stage failed.
    """
    if found.error_reason:
        return AnswerState.FAILED, found.error_reason, found.error_message
    failed = [report for report in found.stages.values() if report.state == "failed"]
    if found.transcript is None and found.vision is None and found.audio is None:
        first = failed[0] if failed else evidence.StageReport("failed", None, "INTERNAL", "Internal error.")
        return AnswerState.FAILED, first.error_reason, first.error_message
    return (AnswerState.PARTIAL if failed else AnswerState.COMPLETED), "", ""


def may_succeed(found: evidence.AnswerEvidence) -> bool:
    """Whether a stage failed that may end well with the same recording another time. Translations need none."""
    failed = [report for name, report in found.stages.items() if report.state == "failed" and name != "translate"]
    reasons = {report.error_reason for report in failed} | ({found.error_reason} if found.error_reason else set())
    return bool(reasons - OF_THE_RECORDING)


def stage_report(stage: StageRow) -> evidence.StageReport:
    """How a stage ended. A translation that has not ended follows: it is `pending`."""
    seconds = None
    if stage.started_at is not None and stage.ended_at is not None:
        seconds = round((stage.ended_at - stage.started_at).total_seconds(), 3)
    return evidence.StageReport(_state(stage), seconds, stage.error_reason, stage.error_message)


def _state(stage: StageRow) -> evidence.StageEnd:
    if stage.state == StageState.COMPLETED:
        return "completed"
    if stage.state == StageState.FAILED:
        return "failed"
    follows = stage.name == "translate" and stage.state in (StageState.PENDING, StageState.RUNNING)
    return "pending" if follows else "skipped"
