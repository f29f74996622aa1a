"""Transcript blocks: the original's confidence formula, ours beside it, and the words in time."""

from __future__ import annotations

import math
import re
from typing import Any

from orchestrator.evidence import Segment, Transcript, Translation
from orchestrator.fusion.rounding import percent, rounded
from servicekit.wire import Span

_WORD = re.compile(r"\w+")


def segment_confidence(avg_logprob: float) -> float:
    """The original's confidence of a segment, 0 to 100: 100 / (1 + exp(-10 (a - 0.5))), a = (avg_logprob + 5) / 5.

    It saturates near 99 whatever was said, and is kept for dashboards that read it.
    """
    a = (avg_logprob + 5) / 5
    return 100 / (1 + math.exp(-10 * (a - 0.5)))


def transcript_block(transcript: Transcript | None, translation: Translation | None) -> dict[str, Any]:
    """The keys `transkripsi_*` of one answer. The file's figure is weighted by the segments' durations."""
    spoken = transcript.text if transcript else ""
    translated = translation.text if translation else ""
    in_indonesian = transcript is not None and transcript.language == "id"
    segments = transcript.segments if transcript else ()
    confidences = [segment_confidence(s.avg_logprob) for s in segments]
    return {
        "transkripsi_en": translated if in_indonesian else spoken,
        "transkripsi_id": spoken if in_indonesian else translated,
        "transkripsi_confidence": _weighted(segments, confidences),
        "transkripsi_min_confidence": rounded(min(confidences), 2) if confidences else None,
        "transkripsi_max_confidence": rounded(max(confidences), 2) if confidences else None,
        "transkripsi_word_confidence": percent(transcript.confidence) if transcript else None,
        "transkripsi_calibrated_confidence": percent(transcript.calibrated_confidence) if transcript else None,
    }


def transcript_evidence(transcript: Transcript | None) -> dict[str, Any] | None:
    """Every segment and word with its time and confidence."""
    if transcript is None:
        return None
    return {
        "language": transcript.language,
        "language_probability": rounded(transcript.language_probability, 3),
        "languages": [{"language": s.language, "percent": percent(s.share)} for s in transcript.languages],
        "confidence_calibrated": transcript.calibrated_confidence is not None,
        "segments": [_segment(s, transcript.language) for s in transcript.segments],
        "dropped": [_span(d.span) | {"reason": d.reason} for d in transcript.dropped],
    }


def quote_span(transcript: Transcript | None, quote: str) -> Span | None:
    """When a verbatim quote was spoken; None when its words do not stand in the transcript in that order."""
    wanted = _WORD.findall(quote.lower())
    if transcript is None or not wanted:
        return None
    words = [w for s in transcript.segments for w in s.words]
    spoken = [(piece, w) for w in words for piece in _WORD.findall(w.text.lower())]
    for start in range(len(spoken) - len(wanted) + 1):
        if [piece for piece, _ in spoken[start : start + len(wanted)]] == wanted:
            return Span(spoken[start][1].span.start_s, spoken[start + len(wanted) - 1][1].span.end_s)
    return None


def _weighted(segments: tuple[Segment, ...], confidences: list[float]) -> float | None:
    durations = [max(s.span.duration_s, 1e-3) for s in segments]
    if not durations:
        return None
    return rounded(math.fsum(c * d for c, d in zip(confidences, durations, strict=True)) / math.fsum(durations), 2)


def _segment(segment: Segment, main_language: str) -> dict[str, Any]:
    words = [_span(w.span) | {"text": w.text, "probability": rounded(w.probability, 3)} for w in segment.words]
    confidence = rounded(segment.confidence, 3)
    language = segment.language or main_language
    return _span(segment.span) | {"text": segment.text, "language": language, "confidence": confidence, "words": words}


def _span(span: Span) -> dict[str, Any]:
    return {"start_s": round(span.start_s, 2), "end_s": round(span.end_s, 2)}
