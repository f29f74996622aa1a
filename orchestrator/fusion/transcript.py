"""Transcript blocks: the original's confidence formula, ours beside it, and the words in time."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from orchestrator.evidence import Segment, Transcript, Translation
from orchestrator.fusion.blocks.evidence import Heard
from orchestrator.fusion.blocks.moments import LeftOut, SpokenLanguage, SpokenSegment, SpokenWord
from orchestrator.fusion.rounding import percent, rounded, times
from servicekit.wire import Span

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Transkripsi:
    """The texts in both languages, and the figures of the spoken one, 0 to 100."""

    en: str
    id: str
    confidence: float | None
    min_confidence: float | None
    max_confidence: float | None
    word_confidence: float | None
    calibrated_confidence: float | None


def segment_confidence(avg_logprob: float) -> float:
    """The original's confidence of a segment, 0 to 100: 100 / (1 + exp(-10 (a - 0.5))), a = (avg_logprob + 5) / 5.

    It saturates near 99 whatever was said, and is kept for dashboards that read it.
    """
    a = (avg_logprob + 5) / 5
    return 100 / (1 + math.exp(-10 * (a - 0.5)))


def transcript_block(transcript: Transcript | None, translation: Translation | None) -> Transkripsi:
    """The keys `transkripsi_*` of one answer. The file's figure is weighted by the segments' durations."""
    spoken = transcript.text if transcript else ""
    translated = translation.text if translation else ""
    in_indonesian = transcript is not None and transcript.language == "id"
    segments = transcript.segments if transcript else ()
    confidences = [segment_confidence(s.avg_logprob) for s in segments]
    return Transkripsi(
        en=translated if in_indonesian else spoken,
        id=spoken if in_indonesian else translated,
        confidence=_weighted(segments, confidences),
        min_confidence=rounded(min(confidences), 2) if confidences else None,
        max_confidence=rounded(max(confidences), 2) if confidences else None,
        word_confidence=percent(transcript.confidence) if transcript else None,
        calibrated_confidence=percent(transcript.calibrated_confidence) if transcript else None,
    )


def transcript_evidence(transcript: Transcript | None) -> Heard | None:
    """Every segment and word with its time and confidence."""
    if transcript is None:
        return None
    return Heard(
        language=transcript.language,
        language_probability=rounded(transcript.language_probability, 3),
        languages=tuple(SpokenLanguage(s.language, percent(s.share)) for s in transcript.languages),
        confidence_calibrated=transcript.calibrated_confidence is not None,
        segments=tuple(_segment(s, transcript.language) for s in transcript.segments),
        dropped=tuple(LeftOut(*times(d.span), d.reason) for d in transcript.dropped),
    )


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


def _segment(segment: Segment, main_language: str) -> SpokenSegment:
    words = tuple(SpokenWord(*times(w.span), w.text, rounded(w.probability, 3)) for w in segment.words)
    language = segment.language or main_language
    return SpokenSegment(*times(segment.span), segment.text, language, rounded(segment.confidence, 3), words)
