"""The complete result: the original's JSON with our evidence, quality, provenance and modalities beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from orchestrator.evidence import AnswerEvidence, Evaluation, Rating, SessionEvidence, Summary
from orchestrator.fusion.aggregate import aggregate_cheating, aggregate_nonverbal
from orchestrator.fusion.assessment import judges, llm_results, penilaian
from orchestrator.fusion.finding import ALIKE, Differences, Finding
from orchestrator.fusion.findings import findings
from orchestrator.fusion.fluency import fillers
from orchestrator.fusion.identity import Sample, unlike_faces, unlike_voices
from orchestrator.fusion.nonverbal import nonverbal_analysis, nonverbal_score, nonverbal_values
from orchestrator.fusion.proposal import answer_score, proposal
from orchestrator.fusion.rounding import percent, rounded
from orchestrator.fusion.transcript import quote_span, transcript_block, transcript_evidence
from orchestrator.fusion.translation import attribution, translated_by
from orchestrator.fusion.verdict import cheating_detection
from orchestrator.policies.policy import Policy
from servicekit.wire import Model, Span, Track

SCHEMA_VERSION = "1"
LANGUAGE_NAMES = {"en": "English", "id": "Indonesian"}
MODALITIES = ("transcribe", "watch", "listen", "evaluate", "translate")


def session_result(session: SessionEvidence, summary: Summary | None, processed_at: datetime) -> dict[str, Any]:
    """The whole result as a JSON-safe dictionary. `success` is false when no answer could be used."""
    policy = session.policy
    differs = _differences(session)
    content = [_item(answer, processed_at, policy, differs.get(answer.index, ALIKE)) for answer in session.answers]
    cheating = aggregate_cheating(content)
    failed = [answer for answer in session.answers if not _usable(answer)]
    return {
        "success": len(failed) < len(session.answers),
        "name": session.candidate_name,
        "session": session.session_id,
        "llm_results": llm_results(session, summary),
        "decision_proposal": proposal(content, cheating["final_aggregate_verdict"], session.project_score, policy),
        "aggregate_cheating_detection": cheating,
        "aggregate_non_verbal_analysis": aggregate_nonverbal(content),
        "content": content,
        "metadata": _metadata(session, summary, len(failed), processed_at),
        "human_decision_required": True,
    }


def answer_result(
    answer: AnswerEvidence, processed_at: datetime, policy: Policy, differs: Differences = ALIKE
) -> dict[str, Any]:
    """The block `result` of one answer; what was not measured, or may not be by the policy, is null."""
    measured = answer if policy.non_verbal else replace(answer, vision=None, audio=None, transcript=None)
    found = findings(answer, differs)
    score = nonverbal_score(nonverbal_values(measured))
    result = {
        "penilaian": penilaian(answer),
        "non_verbal_analysis": nonverbal_analysis(measured),
        "non_verbal_confidence_score": score.score if score else None,
        "non_verbal_confidence": asdict(score) if score else None,
        **transcript_block(answer.transcript, answer.translation),
        "cheating_detection": cheating_detection(answer, found),
        "metadata": _answer_metadata(answer, processed_at),
        "evidence": _evidence(answer, found),
        "quality": _quality(answer),
        "provenance": _provenance(answer),
        "modalities": {name: _modality(answer, name) for name in MODALITIES},
        "error": {"reason": answer.error_reason, "message": answer.error_message} if answer.error_reason else None,
    }
    return result | {"answer_score": answer_score(result, policy)}


def finding_blocks(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as they stand in the result."""
    return [asdict(f) | {"start_s": round(f.start_s, 2), "end_s": round(f.end_s, 2)} for f in found]


def _item(answer: AnswerEvidence, at: datetime, policy: Policy, differs: Differences) -> dict[str, Any]:
    result = answer_result(answer, at, policy, differs)
    return {"id": answer.position_id, "question": answer.question, "result": result}


def _differences(session: SessionEvidence) -> dict[int, Differences]:
    """How far each answer's voice and face are from the others', where they differ.

    How much a language changes a voice's embedding was not measured, so voices of one language are compared.
    """
    if not session.policy.biometric_comparison:
        return {}
    by_language: dict[str, dict[int, Sample]] = defaultdict(dict)
    for answer in session.answers:
        if voice := session.voices.get(answer.index):
            by_language[answer.language][answer.index] = Sample(voice.embedding, voice.speaking_s, voice.pitch_hz)
    voices = {i: gap for spoken in by_language.values() for i, gap in unlike_voices(spoken).items()}
    faces = unlike_faces({i: Sample(face.descriptor, face.looks) for i, face in session.faces.items()})
    return {i: Differences(voices.get(i), faces.get(i)) for i in voices.keys() | faces.keys()}


def _usable(answer: AnswerEvidence) -> bool:
    return not answer.error_reason and any((answer.transcript, answer.vision, answer.audio))


def _answer_metadata(answer: AnswerEvidence, processed_at: datetime) -> dict[str, Any]:
    language = answer.transcript.language if answer.transcript else answer.language
    return {
        "word_count": answer.transcript.word_count if answer.transcript else 0,
        "processed_at": processed_at.isoformat(),
        "logprobs_enabled": answer.evaluation.logprobs_available if answer.evaluation else False,
        "source_language": LANGUAGE_NAMES[language],
        "duration_seconds": rounded(answer.duration_s, 2),
    }


def _evidence(answer: AnswerEvidence, found: tuple[Finding, ...]) -> dict[str, Any]:
    events = answer.vision.events if answer.vision else ()
    audio = answer.audio
    return {
        "findings": finding_blocks(found),
        "transcript": transcript_evidence(answer.transcript),
        "ratings": _ratings(answer),
        "answer_flags": _answer_flags(answer),
        "translation_mismatches": list(answer.translation.mismatches) if answer.translation else [],
        "turns": [_span(t.span) | {"speaker": t.speaker} for t in audio.turns] if audio else [],
        "speakers": [{"speaker": s.speaker, "share": rounded(s.share, 3)} for s in audio.speakers] if audio else [],
        "overlaps": [_span(o) for o in audio.overlaps] if audio else [],
        "pauses": [_span(p) for p in audio.pauses] if audio else [],
        "fillers": [_span(f.span) | {"text": f.text} for f in fillers(answer.transcript)] if answer.transcript else [],
        "blinks": [_span(e.span) for e in events if e.type == "blink"],
        "looking_away": [_span(e.span) | {"direction": e.direction} for e in events if e.type == "looking_away"],
        "timeline": answer.timeline or None,
    }


def _ratings(answer: AnswerEvidence) -> list[dict[str, Any]]:
    """Each criterion with what carried it. Of an answer without a score only quotes are left, their figures null."""
    found = answer.evaluation
    if found is None:
        return []
    ratings = [_rating(answer, rating) for rating in found.ratings]
    if found.scored:
        return ratings
    nothing = dict.fromkeys(("score", "confidence", "low", "high", "influence"))
    return [rating | nothing for rating in ratings if rating["quote"]]


def _rating(answer: AnswerEvidence, rating: Rating) -> dict[str, Any]:
    span = quote_span(answer.transcript, rating.quote)
    return {
        "criterion": rating.criterion,
        "score": rounded(rating.score, 1),
        "confidence": rounded(rating.confidence, 3),
        "low": rounded(rating.low, 1),
        "high": rounded(rating.high, 1),
        "quote": rating.quote if span else "",
        "influence": rounded(rating.influence, 1) if span else None,  # of a quote that is not shown it says nothing
        **_times(span),
    }


def _answer_flags(answer: AnswerEvidence) -> list[dict[str, Any]]:
    flags = answer.evaluation.flags if answer.evaluation else ()
    return [{"type": f.type, "quote": f.quote} | _times(quote_span(answer.transcript, f.quote)) for f in flags]


def _times(span: Span | None) -> dict[str, Any]:
    return _span(span) if span else {"start_s": None, "end_s": None}


def _quality(answer: AnswerEvidence) -> dict[str, Any]:
    transcript, audio, vision = answer.transcript, answer.audio, answer.vision
    return {
        "transcript": transcript.quality if transcript else None,
        "transcript_reason": transcript.quality_reason if transcript else "",
        "snr_db": rounded(audio.snr_db, 1) if audio else None,
        "integrated_loudness_lufs": rounded(audio.integrated_lufs, 1) if audio else None,
        "speech_level_dbfs": rounded(audio.speech_level_dbfs, 1) if audio else None,
        "clipping_percent": percent(audio.clipping_ratio) if audio else None,
        "nonsilent_seconds": rounded(audio.nonsilent_s, 2) if audio else None,
        "face_present_percent": percent(vision.face_present_ratio) if vision else None,
        "frame_rate_hz": rounded(vision.frame_rate_hz, 2) if vision else None,
        "width_px": vision.width_px if vision else None,
        "height_px": vision.height_px if vision else None,
        "sound_track": _track(answer.recording.sound) if answer.recording else None,
        "picture_track": _track(vision.track) if vision else None,
        "sound_missing": [_span(s) for s in answer.recording.sound_missing] if answer.recording else [],
        "picture_missing": [_span(s) for s in vision.missing] if vision else [],
    }


def _track(track: Track | None) -> dict[str, Any] | None:
    return asdict(track) if track is not None else None


def _provenance(answer: AnswerEvidence) -> dict[str, Any]:
    return {
        "transcriber": _model(answer.transcript.model) if answer.transcript else None,
        "vision": [_model(m) for m in answer.vision.models] if answer.vision else [],
        "audio": [_model(m) for m in answer.audio.models] if answer.audio else [],
        "judge": _judged_by(answer.evaluation) if answer.evaluation else None,
        "translation": translated_by(answer.translation) if answer.translation else None,
    }


def _modality(answer: AnswerEvidence, name: str) -> dict[str, Any]:
    stage = answer.stages.get(name)
    if stage is None:
        return {"state": "skipped", "seconds": None, "error_reason": "", "error_message": ""}
    return asdict(stage)


def _metadata(session: SessionEvidence, summary: Summary | None, failed: int, at: datetime) -> dict[str, Any]:
    models = [a.transcript.model for a in session.answers if a.transcript]
    return {
        "total_videos": len(session.answers),
        "successful_videos": len(session.answers) - failed,
        "failed_videos": failed,
        "processed_at": at.isoformat(),
        "model": f"faster-whisper {models[0].name}" if models else None,
        "llm_model": judges(session.answers),
        "summary": attribution(summary.attribution) if summary else None,
        "timing": [_timing(answer) for answer in session.answers],
        "consent_reference": session.consent_reference,
        "policy": session.policy.model_dump(include={"name", "sha256", "translation"}),
        "schema_version": SCHEMA_VERSION,
    }


def _timing(answer: AnswerEvidence) -> dict[str, Any]:
    """Seconds of wall time a stage, and the same per minute of recording."""
    minutes = (answer.duration_s or 0) / 60
    seconds = {name: s.seconds for name, s in answer.stages.items() if s.seconds is not None}
    rates = {name: rounded(s / minutes, 2) for name, s in seconds.items()} if minutes else {}
    return {"id": answer.position_id, "seconds": seconds, "seconds_per_minute": rates}


def _judged_by(found: Evaluation) -> dict[str, Any]:
    rubric = {"rubric": found.rubric, "rubric_sha256": found.rubric_sha256, "samples": found.samples}
    return attribution(found.attribution) | rubric


def _model(model: Model) -> dict[str, Any]:
    return asdict(model)


def _span(span: Span) -> dict[str, Any]:
    return {"start_s": round(span.start_s, 2), "end_s": round(span.end_s, 2)}
