"""Figures and verdicts on a whole transcript."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from services.transcriber.model import Segment, TranscriptionResult
from services.transcriber.settings import Settings

NO_SPEECH_PROBABILITY = 0.6
NO_SPEECH_LOGPROB = -1.0
"""faster-whisper's own thresholds: no speech is believed when the text is improbable as well."""

REPEATS = 4
REPEATED_SHARE = 0.6
LONGEST_REPEAT_WORDS = 6
SHORTEST_LOOP_WORDS = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """`quality` is `good`, `usable` or `insufficient`; `reason` says why it is not good."""

    quality: str
    reason: str = ""


def drop_reason(segment: Segment) -> str:
    """Why a segment must be left out, or an empty string."""
    improbable = segment.avg_logprob < NO_SPEECH_LOGPROB
    if not segment.text or (segment.no_speech_probability > NO_SPEECH_PROBABILITY and improbable):
        return "no_speech"
    return "repetition" if is_loop(segment.text) else ""


def is_loop(text: str) -> bool:
    """Whether one phrase of up to six words, said at least four times, fills most of the text."""
    words = [w.strip(".,!?").lower() for w in text.split()]
    if len(words) < SHORTEST_LOOP_WORDS:
        return False
    for size in range(1, LONGEST_REPEAT_WORDS + 1):
        phrases = Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))
        if not phrases:
            break
        most = max(phrases.values())
        if most >= REPEATS and most * size >= REPEATED_SHARE * len(words):
            return True
    return False


def word_count(segments: tuple[Segment, ...]) -> int:
    """Words over all segments."""
    return sum(len(s.words) for s in segments)


def confidence(segments: tuple[Segment, ...]) -> float | None:
    """Mean segment confidence weighted by duration; None without words."""
    total_s = sum(s.span.duration_s for s in segments)
    if not total_s:
        return None
    return sum(s.confidence * s.span.duration_s for s in segments) / total_s


def verdict(result: TranscriptionResult, settings: Settings) -> Verdict:
    """Whether later stages can rely on the transcript."""
    sure, words = confidence(result.segments), word_count(result.segments)
    if sure is None or not words:
        return Verdict("insufficient", "No speech was found.")
    if words < settings.insufficient_words:
        return Verdict("insufficient", f"Only {words} words were understood.")
    if sure < settings.insufficient_confidence:
        return Verdict("insufficient", f"The words are too uncertain (mean probability {sure:.2f}).")
    if sure < settings.usable_confidence:
        return Verdict("usable", f"The words are uncertain (mean probability {sure:.2f}).")
    return Verdict("good")
