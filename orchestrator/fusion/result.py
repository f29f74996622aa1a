"""The complete result: the original's JSON with our evidence, quality, provenance and modalities beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Final

from orchestrator.evidence import AnswerEvidence, SessionEvidence, StageReport, Summary
from orchestrator.fusion.aggregate import aggregate_cheating, aggregate_nonverbal
from orchestrator.fusion.assessment import judges, llm_results, penilaian
from orchestrator.fusion.blocks.evidence import Quality
from orchestrator.fusion.blocks.figures import Language
from orchestrator.fusion.blocks.moments import Stretch
from orchestrator.fusion.blocks.proposal import AnswerScore
from orchestrator.fusion.blocks.provenance import Modalities, Problem
from orchestrator.fusion.blocks.session import (
    Answer,
    AnswerMetadata,
    AnswerResult,
    PolicyMark,
    SessionMetadata,
    SessionResult,
    Timing,
)
from orchestrator.fusion.findings.answer import findings
from orchestrator.fusion.findings.candidate import MAIN_VOICE
from orchestrator.fusion.findings.finding import ALIKE, Differences
from orchestrator.fusion.findings.identity import Sample, unlike_faces, unlike_voices
from orchestrator.fusion.grounds import evidence
from orchestrator.fusion.nonverbal import nonverbal_analysis, nonverbal_score, nonverbal_values
from orchestrator.fusion.proposal import answer_score, proposal
from orchestrator.fusion.provenance import provenance
from orchestrator.fusion.rounding import percent, rounded, times
from orchestrator.fusion.transcript import transcript_block
from orchestrator.fusion.verdict import cheating_detection
from orchestrator.policies.policy import Policy

SCHEMA_VERSION = "1"
LANGUAGE_NAMES: dict[str, Language] = {"en": "English", "id": "Indonesian"}
SKIPPED = StageReport("skipped")
NOT_SCORED: Final = AnswerScore(None, None, None, ())


def session_result(session: SessionEvidence, summary: Summary | None, processed_at: datetime) -> SessionResult:
    """The whole result. `success` is false when no answer could be used."""
    policy = session.policy
    differs = _differences(session)
    content = [_item(answer, processed_at, policy, differs.get(answer.index, ALIKE)) for answer in session.answers]
    cheating = aggregate_cheating(content)
    proposed = proposal(content, cheating.final_aggregate_verdict, session.project_score, policy)
    failed = [answer for answer in session.answers if not _usable(answer)]
    return SessionResult(
        success=len(failed) < len(session.answers),
        name=session.candidate_name,
        session=session.session_id,
        llm_results=llm_results(session, summary, proposed.total),
        decision_proposal=proposed,
        aggregate_cheating_detection=cheating,
        aggregate_non_verbal_analysis=aggregate_nonverbal(content),
        content=tuple(content),
        metadata=_metadata(session, summary, len(failed), processed_at),
        human_decision_required=True,
    )


def answer_result(
    answer: AnswerEvidence, processed_at: datetime, policy: Policy, differs: Differences = ALIKE
) -> AnswerResult:
    """The block `result` of one answer; what was not measured, or may not be by the policy, is null."""
    measured = answer if policy.non_verbal else replace(answer, vision=None, audio=None, transcript=None)
    found = findings(answer, differs)
    score = nonverbal_score(nonverbal_values(measured))
    said = transcript_block(answer.transcript, answer.translation)
    result = AnswerResult(
        penilaian=penilaian(answer),
        non_verbal_analysis=nonverbal_analysis(measured),
        non_verbal_confidence_score=score.score if score else None,
        non_verbal_confidence=score,
        transkripsi_en=said.en,
        transkripsi_id=said.id,
        transkripsi_confidence=said.confidence,
        transkripsi_min_confidence=said.min_confidence,
        transkripsi_max_confidence=said.max_confidence,
        transkripsi_word_confidence=said.word_confidence,
        transkripsi_calibrated_confidence=said.calibrated_confidence,
        cheating_detection=cheating_detection(answer, found),
        metadata=_answer_metadata(answer, processed_at),
        evidence=evidence(answer, found),
        quality=_quality(answer),
        provenance=provenance(answer),
        modalities=_modalities(answer),
        error=Problem(answer.error_reason, answer.error_message) if answer.error_reason else None,
        answer_score=NOT_SCORED,
    )
    return replace(result, answer_score=answer_score(result, policy))


def _item(answer: AnswerEvidence, at: datetime, policy: Policy, differs: Differences) -> Answer:
    return Answer(answer.position_id, answer.question, answer_result(answer, at, policy, differs))


def _differences(session: SessionEvidence) -> dict[int, Differences]:
    """How far each answer's voice and face are from the others', where they differ.

    How much a language changes a voice's embedding was not measured, so voices of one language are compared.
    """
    if not session.policy.biometric_comparison:
        return {}
    by_language: dict[str, dict[int, Sample]] = defaultdict(dict)
    for answer in session.answers:
        voice = session.voices.get(answer.index)
        if voice and 0 in (answer.lips_voices or MAIN_VOICE):  # kept is the voice that speaks most
            by_language[answer.language][answer.index] = Sample(voice.embedding, voice.speaking_s, voice.pitch_hz)
    voices = {i: gap for spoken in by_language.values() for i, gap in unlike_voices(spoken).items()}
    faces = unlike_faces({i: Sample(face.descriptor, face.looks) for i, face in session.faces.items()})
    return {i: Differences(voices.get(i), faces.get(i)) for i in voices.keys() | faces.keys()}


def _usable(answer: AnswerEvidence) -> bool:
    return not answer.error_reason and any((answer.transcript, answer.vision, answer.audio))


def _answer_metadata(answer: AnswerEvidence, processed_at: datetime) -> AnswerMetadata:
    language = answer.transcript.language if answer.transcript else answer.language
    return AnswerMetadata(
        word_count=answer.transcript.word_count if answer.transcript else 0,
        processed_at=processed_at.isoformat(),
        logprobs_enabled=answer.evaluation.logprobs_available if answer.evaluation else False,
        source_language=LANGUAGE_NAMES[language],
        duration_seconds=rounded(answer.duration_s, 2),
    )


def _quality(answer: AnswerEvidence) -> Quality:
    transcript, audio, vision = answer.transcript, answer.audio, answer.vision
    return Quality(
        transcript=transcript.quality if transcript else None,
        transcript_reason=transcript.quality_reason if transcript else "",
        snr_db=rounded(audio.snr_db, 1) if audio else None,
        integrated_loudness_lufs=rounded(audio.integrated_lufs, 1) if audio else None,
        speech_level_dbfs=rounded(audio.speech_level_dbfs, 1) if audio else None,
        clipping_percent=percent(audio.clipping_ratio) if audio else None,
        nonsilent_seconds=rounded(audio.nonsilent_s, 2) if audio else None,
        face_present_percent=percent(vision.face_present_ratio) if vision else None,
        lip_similarity=rounded(answer.synchrony.similarity, 2) if answer.synchrony else None,
        picture_late_seconds=rounded(answer.synchrony.lag_s, 2) if answer.synchrony else None,
        frame_rate_hz=rounded(vision.frame_rate_hz, 2) if vision else None,
        width_px=vision.width_px if vision else None,
        height_px=vision.height_px if vision else None,
        sound_track=answer.recording.sound if answer.recording else None,
        picture_track=vision.track if vision else None,
        sound_missing=tuple(Stretch(*times(s)) for s in answer.recording.sound_missing) if answer.recording else (),
        picture_missing=tuple(Stretch(*times(s)) for s in vision.missing) if vision else (),
    )


def _modalities(answer: AnswerEvidence) -> Modalities:
    return Modalities(
        transcribe=answer.stages.get("transcribe", SKIPPED),
        watch=answer.stages.get("watch", SKIPPED),
        listen=answer.stages.get("listen", SKIPPED),
        evaluate=answer.stages.get("evaluate", SKIPPED),
        translate=answer.stages.get("translate", SKIPPED),
    )


def _metadata(session: SessionEvidence, summary: Summary | None, failed: int, at: datetime) -> SessionMetadata:
    models = [a.transcript.model for a in session.answers if a.transcript]
    policy = session.policy
    return SessionMetadata(
        total_videos=len(session.answers),
        successful_videos=len(session.answers) - failed,
        failed_videos=failed,
        processed_at=at.isoformat(),
        model=f"faster-whisper {models[0].name}" if models else None,
        llm_model=judges(session.answers),
        summary=summary.attribution if summary else None,
        timing=tuple(_timing(answer) for answer in session.answers),
        consent_reference=session.consent_reference,
        policy=PolicyMark(policy.name, policy.translation, policy.sha256, policy.switched_off),
        schema_version=SCHEMA_VERSION,
    )


def _timing(answer: AnswerEvidence) -> Timing:
    """Seconds of wall time a stage, and the same per minute of recording."""
    minutes = (answer.duration_s or 0) / 60
    seconds = {name: s.seconds for name, s in answer.stages.items() if s.seconds is not None}
    rates = {name: rounded(s / minutes, 2) for name, s in seconds.items()} if minutes else {}
    return Timing(answer.position_id, seconds, rates)
