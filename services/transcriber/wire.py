"""Protobuf to and from the transcriber's dataclasses."""

from __future__ import annotations

from pathlib import Path

from interview.transcriber.v1 import transcriber_service_pb2 as pb

from servicekit.errors import field_invalid
from servicekit.wire import Progress, duration, model_message, progress_message, span_message, usage_message
from services.transcriber import quality
from services.transcriber.model import Segment, TranscriptionInput, TranscriptionResult
from services.transcriber.settings import Settings

MAX_PROMPT = 1000
_QUALITY = {
    "good": pb.TRANSCRIPT_QUALITY_GOOD,
    "usable": pb.TRANSCRIPT_QUALITY_USABLE,
    "insufficient": pb.TRANSCRIPT_QUALITY_INSUFFICIENT,
}
_DROP = {
    "no_speech": pb.DROP_REASON_NO_SPEECH,
    "repetition": pb.DROP_REASON_REPETITION,
    "unintelligible": pb.DROP_REASON_UNINTELLIGIBLE,
}


def check(request: pb.TranscribeRequest, settings: Settings) -> None:
    """Raise FIELD_INVALID for what the service cannot do."""
    if request.language_code and request.language_code not in settings.languages:
        raise field_invalid("language_code", f"must be one of {', '.join(settings.languages)}, or empty")
    options = request.options
    if len(options.initial_prompt) > MAX_PROMPT:
        raise field_invalid("options.initial_prompt", f"must have at most {MAX_PROMPT} characters")


def transcription_input(request: pb.TranscribeRequest, path: Path) -> TranscriptionInput:
    """What to transcribe and how."""
    return TranscriptionInput(path, request.language_code, request.options.initial_prompt)


def progress(value: Progress) -> pb.TranscribeResponse:
    """How far the call has come."""
    return pb.TranscribeResponse(progress=progress_message(value))


def segment(value: Segment) -> pb.TranscribeResponse:
    """One segment with its words."""
    words = [pb.Word(span=span_message(w.span), text=w.text, probability=w.probability) for w in value.words]
    return pb.TranscribeResponse(
        segment=pb.Segment(
            span=span_message(value.span),
            text=value.text,
            words=words,
            avg_logprob=value.avg_logprob,
            no_speech_probability=value.no_speech_probability,
            confidence=value.confidence,
            language_code=value.language,
        )
    )


def summary(result: TranscriptionResult, settings: Settings, wall_time_s: float) -> pb.TranscribeResponse:
    """The last message."""
    verdict = quality.verdict(result, settings)
    confidences = [s.confidence for s in result.segments]
    confidence = quality.confidence(result.segments)
    return pb.TranscribeResponse(
        summary=pb.TranscriptSummary(
            language_code=result.language,
            language_probability=result.language_probability,
            word_count=quality.word_count(result.segments),
            confidence=confidence,
            calibrated_confidence=quality.calibrated(confidence, result),
            languages=[pb.LanguageShare(language_code=s.language, share=s.share) for s in result.languages],
            min_confidence=min(confidences, default=None),
            max_confidence=max(confidences, default=None),
            speech_duration=duration(result.speech_s),
            dropped=[pb.DroppedSpan(span=span_message(d.span), reason=_DROP[d.reason]) for d in result.dropped],
            quality=_QUALITY[verdict.quality],
            quality_reason=verdict.reason,
            model=model_message(result.model),
            usage=usage_message(wall_time_s, result.duration_s),
        )
    )
