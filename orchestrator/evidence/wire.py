"""From the services' messages to evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from interview.audio.v1 import audio_service_pb2 as audio_pb
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.transcriber.v1 import transcriber_service_pb2 as transcriber_pb
from interview.vision.v1 import vision_service_pb2 as vision_pb

from orchestrator import evidence
from orchestrator.evidence.speech import Quality
from servicekit.wire import Span, model_value, seconds, span_value, track_value

_QUALITY: dict[int, Quality] = {
    transcriber_pb.TRANSCRIPT_QUALITY_GOOD: "good",
    transcriber_pb.TRANSCRIPT_QUALITY_USABLE: "usable",
    transcriber_pb.TRANSCRIPT_QUALITY_INSUFFICIENT: "insufficient",
}
_GRADE = {
    judge_pb.TRANSLATION_GRADE_NONE: "none",
    judge_pb.TRANSLATION_GRADE_GIST: "gist",
    judge_pb.TRANSLATION_GRADE_FULL: "full",
}


def segment(message: transcriber_pb.Segment) -> evidence.Segment:
    """One segment with its words."""
    words = tuple(evidence.Word(span_value(w.span), w.text, w.probability) for w in message.words)
    return evidence.Segment(
        span_value(message.span),
        message.text,
        words,
        message.avg_logprob,
        message.no_speech_probability,
        message.confidence,
        message.language_code,
    )


def transcript(segments: Iterable[evidence.Segment], summary: transcriber_pb.TranscriptSummary) -> evidence.Transcript:
    """The whole transcript."""
    return evidence.Transcript(
        segments=tuple(segments),
        language=summary.language_code,
        language_probability=summary.language_probability,
        word_count=summary.word_count,
        confidence=_present(summary, "confidence"),
        min_confidence=_present(summary, "min_confidence"),
        max_confidence=_present(summary, "max_confidence"),
        calibrated_confidence=_present(summary, "calibrated_confidence"),
        languages=tuple(evidence.LanguageShare(s.language_code, s.share) for s in summary.languages),
        speech_s=seconds(summary.speech_duration),
        dropped=tuple(_dropped(d) for d in summary.dropped),
        quality=_QUALITY.get(summary.quality, "usable"),
        quality_reason=summary.quality_reason,
        model=model_value(summary.model),
    )


def voice_print(summary: audio_pb.AudioSummary) -> evidence.VoicePrint | None:
    """The voice that speaks most; None where nobody speaks, and where it was not described."""
    main = next(iter(summary.speakers), None)
    if main is None or not main.embedding:
        return None
    models = tuple(model_value(m) for m in summary.models)
    pitch_hz = main.pitch_hz if main.HasField("pitch_hz") else None
    return evidence.VoicePrint(tuple(main.embedding), seconds(main.speaking_time), models, pitch_hz)


def face_print(summary: vision_pb.VisionSummary) -> evidence.FacePrint | None:
    """The main face; None without one and where it was not described."""
    if not summary.face_descriptor:
        return None
    models = tuple(model_value(m) for m in summary.models)
    return evidence.FacePrint(tuple(summary.face_descriptor), summary.described_look_count, models)


def vision_event(message: vision_pb.VisionEvent, still: str) -> evidence.VisionEvent:
    """One event; `still` is the name of its picture in the session's folder, or empty."""
    return evidence.VisionEvent(
        type=_enum_name(vision_pb.VisionEventType, message.type, "VISION_EVENT_TYPE_"),
        span=span_value(message.span),
        direction=_enum_name(vision_pb.Direction, message.direction, "DIRECTION_"),
        strength=message.strength,
        confidence=message.confidence,
        still=still,
    )


def vision(events: Iterable[evidence.VisionEvent], summary: vision_pb.VisionSummary) -> evidence.Vision:
    """Everything the picture showed."""
    optional = (
        "blink_rate_per_minute",
        "eye_contact_ratio",
        "gaze_stability",
        "smile_intensity",
        "smile_variation",
        "eyebrow_movement_range",
        "baseline_smile_intensity",
        "baseline_eyebrow_position",
        "head_movement_intensity",
    )
    return evidence.Vision(
        events=tuple(events),
        frame_count=summary.frame_count,
        analyzed_frame_count=summary.analyzed_frame_count,
        frame_rate_hz=summary.frame_rate_hz,
        width_px=summary.width_px,
        height_px=summary.height_px,
        duration_s=seconds(summary.usage.media_duration),
        face_present_ratio=summary.face_present_ratio,
        multiple_faces_ratio=summary.multiple_faces_ratio,
        blink_count=summary.blink_count,
        calibration_applied=summary.calibration_applied,
        screening=_screening(summary.screening),
        missing=tuple(span_value(span) for span in summary.missing),
        track=track_value(summary.track) if summary.HasField("track") else None,
        models=tuple(model_value(m) for m in summary.models),
        **{name: _present(summary, name) for name in optional},
    )


def append_timeline(timeline: evidence.Timeline, chunk: vision_pb.TimelineChunk) -> None:
    """Add a piece to the end of the timeline."""
    timeline.offset_s.extend(round(t, 3) for t in chunk.offset_s)
    timeline.face_count.extend(chunk.face_count)
    for name in evidence.Timeline.__dataclass_fields__:
        if name not in ("offset_s", "face_count"):
            digits = 3 if name in ("eye_aspect_ratio", "mouth_opening") else 1
            getattr(timeline, name).extend(_number(v, digits) for v in getattr(chunk, name))


def turn(message: audio_pb.SpeakerTurn) -> evidence.Turn:
    """One speaker's turn."""
    return evidence.Turn(span_value(message.span), message.speaker)


def audio(
    speech: Iterable[Span],
    pauses: Iterable[Span],
    turns: Iterable[evidence.Turn],
    overlaps: Iterable[Span],
    summary: audio_pb.AudioSummary,
) -> evidence.Audio:
    """Everything the sound held, without the voices' embeddings."""
    latency = seconds(summary.response_latency) if summary.HasField("response_latency") else None
    return evidence.Audio(
        speech=tuple(speech),
        pauses=tuple(pauses),
        turns=tuple(turns),
        total_s=seconds(summary.total_duration),
        speaking_s=seconds(summary.speaking_duration),
        nonsilent_s=seconds(summary.nonsilent_duration),
        response_latency_s=latency,
        speaker_count=summary.speaker_count,
        speaker_confidence=_present(summary, "speaker_confidence"),
        silhouette=_present(summary, "silhouette"),
        speakers=tuple(evidence.Speaker(s.speaker, seconds(s.speaking_time), s.share) for s in summary.speakers),
        speech_level_dbfs=_present(summary, "speech_level_dbfs"),
        snr_db=_present(summary, "snr_db"),
        clipping_ratio=summary.clipping_ratio,
        integrated_lufs=_present(summary, "integrated_loudness_lufs"),
        overlaps=tuple(overlaps),
        course_dbfs=tuple(summary.course_dbfs),
        models=tuple(model_value(m) for m in summary.models),
    )


def rating(message: judge_pb.CriterionRating) -> evidence.Rating:
    """One criterion."""
    return evidence.Rating(
        criterion=message.criterion,
        score=message.score,
        confidence=_present(message, "confidence"),
        quote=message.quote,
        low=_present(message, "low"),
        high=_present(message, "high"),
        influence=_present(message, "influence"),
    )


def evaluation(message: judge_pb.EvaluateResponse) -> evidence.Evaluation:
    """The rating of one answer."""
    return evidence.Evaluation(
        ratings=tuple(rating(r) for r in message.ratings),
        total=message.total,
        confidence=message.confidence,
        logprobs_available=message.logprobs_available,
        logprobs_probability=_present(message, "logprobs_probability"),
        analysis=message.analysis,
        attribution=attribution(message.attribution),
        flags=tuple(evidence.AnswerFlag(f.type, f.quote) for f in message.flags),
        rubric=message.rubric,
        rubric_sha256=message.rubric_sha256,
        samples=message.samples,
        unscored=_unscored(message),
        total_low=_present(message, "total_low"),
        total_high=_present(message, "total_high"),
        follow_up_question=message.follow_up_question,
        missing=tuple(message.missing),
        gap=message.gap,
    )


def translation(message: judge_pb.TranslateResponse, language: str) -> evidence.Translation:
    """A translation into `language`."""
    grade = _GRADE.get(message.grade, "none")
    made_by = attribution(message.attribution)
    return evidence.Translation(message.text, language, grade, made_by, tuple(message.mismatches))


def summary(message: judge_pb.SummarizeResponse) -> evidence.Summary:
    """The summary of a session."""
    return evidence.Summary(message.text, _present(message, "confidence"), attribution(message.attribution))


def attribution(message: judge_pb.Attribution) -> evidence.Attribution:
    """Who did the work."""
    return evidence.Attribution(
        backend=message.backend,
        model=model_value(message.model),
        failures=tuple(f"{f.backend}: {f.reason}" for f in message.failures),
        prompt_sha256=message.prompt_sha256,
        input_tokens=message.input_tokens,
        output_tokens=message.output_tokens,
        seconds=round(seconds(message.usage.wall_time), 3),
        head_sha256=message.head_sha256,
        data_sha256=message.data_sha256,
    )


def rated_answer(question: str, rated: evidence.Evaluation) -> judge_pb.RatedAnswer:
    """An evaluation back on the wire, for the summary."""
    names = ("criterion", "score", "confidence", "quote", "low", "high", "influence")
    ratings = [judge_pb.CriterionRating(**{name: getattr(r, name) for name in names}) for r in rated.ratings]
    return judge_pb.RatedAnswer(question=question, ratings=ratings, total=rated.total, analysis=rated.analysis)


def _unscored(message: judge_pb.EvaluateResponse) -> evidence.Unscored | None:
    if not message.HasField("unscored"):
        return None
    return evidence.Unscored(message.unscored.reason, message.unscored.explanation)


def _dropped(message: transcriber_pb.DroppedSpan) -> evidence.Dropped:
    reason = _enum_name(transcriber_pb.DropReason, message.reason, "DROP_REASON_")
    return evidence.Dropped(span_value(message.span), reason)


def _screening(message: vision_pb.FrameScreening) -> evidence.Screening:
    return evidence.Screening(
        message.suspicious_frames,
        message.suspicious_percent,
        _present(message, "average_confidence"),
        _present(message, "min_confidence"),
        _present(message, "max_confidence"),
    )


def _enum_name(enum: Any, value: int, prefix: str) -> str:
    name = str(enum.Name(value)).removeprefix(prefix).lower()
    return "" if name == "unspecified" else name


def _present(message: Any, name: str) -> float | None:
    return float(getattr(message, name)) if message.HasField(name) else None


def _number(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)
