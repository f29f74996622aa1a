"""Figures and verdicts on a whole transcript."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from servicekit.wire import Span
from services.transcriber.model import Segment, TranscriptionResult
from services.transcriber.settings import Settings

NO_SPEECH_PROBABILITY = 0.6
NO_SPEECH_LOGPROB = -1.0
COMPRESSION_RATIO = 2.4
"""Whisper's own thresholds: no speech is believed when the text is improbable as well; text that zlib makes smaller
than this repeats itself."""

REPEATS = 4
REPEATED_SHARE = 0.6
LONGEST_REPEAT_WORDS = 6
SHORTEST_LOOP_WORDS = 8
"""What we call a loop; chosen by us."""

CHECK = "Check the spoken language and the microphone."


@dataclass(frozen=True, slots=True)
class Verdict:
    """`quality` is `good`, `usable` or `insufficient`; `reason` says why it is not good."""

    quality: str
    reason: str = ""


def drop_reason(segment: Segment) -> str:
    """Why a segment must be left out, or an empty string."""
    improbable = segment.avg_logprob < NO_SPEECH_LOGPROB
    if not segment.words or (segment.no_speech_probability > NO_SPEECH_PROBABILITY and improbable):
        return "no_speech"
    return "repetition" if is_loop(segment.text) else ""


def is_loop(text: str) -> bool:
    """Whether the text repeats itself as only a decoder does.

    That is: zlib makes it 2.4 times smaller, or one phrase of up to six words, said at least four times, fills most
    of it.
    """
    words = [w.strip(".,!?").lower() for w in text.split()]
    if len(words) < SHORTEST_LOOP_WORDS:
        return False
    if compression_ratio(text) > COMPRESSION_RATIO:
        return True
    return any(_fills(words, size) for size in range(1, LONGEST_REPEAT_WORDS + 1))


def compression_ratio(text: str) -> float:
    """Bytes of the text over its bytes after zlib, as Whisper measures it."""
    content = text.encode()
    return len(content) / len(zlib.compress(content))


def _fills(words: list[str], size: int) -> bool:
    phrases = Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))
    most = max(phrases.values(), default=0)
    return most >= REPEATS and most * size >= REPEATED_SHARE * len(words)


def uncovered(speech: Iterable[Span], covered: Iterable[Span]) -> list[Span]:
    """What is left of `speech` without the spans of `covered`, in time order; both are in time order on entry."""
    left: list[Span] = []
    gone = sorted(covered, key=lambda span: span.start_s)
    for region in speech:
        start_s = region.start_s
        for span in gone:
            if start_s < span.end_s and span.start_s < region.end_s:
                if span.start_s > start_s:
                    left.append(Span(start_s, span.start_s))
                start_s = span.end_s
        if start_s < region.end_s:
            left.append(Span(start_s, region.end_s))
    return left


def word_count(segments: tuple[Segment, ...]) -> int:
    """Words over all segments."""
    return sum(len(s.words) for s in segments)


def confidence(segments: tuple[Segment, ...]) -> float | None:
    """Mean segment confidence weighted by duration; None without segments."""
    total_s = sum(s.span.duration_s for s in segments)
    if not total_s:
        return sum(s.confidence for s in segments) / len(segments) if segments else None
    return sum(s.confidence * s.span.duration_s for s in segments) / total_s


def verdict(result: TranscriptionResult, settings: Settings) -> Verdict:
    """Whether later stages can rely on the transcript."""
    if reason := _shortage(result, settings):
        return Verdict("insufficient", reason)
    sure = confidence(result.segments) or 0.0
    if sure < settings.insufficient_confidence:
        return Verdict("insufficient", f"The words are too uncertain (mean probability {sure:.2f}). {CHECK}")
    if sure < settings.usable_confidence:
        return Verdict("usable", f"The words are uncertain (mean probability {sure:.2f}).")
    return Verdict("good")


def _shortage(result: TranscriptionResult, settings: Settings) -> str:
    """Why there is too little to judge by, or an empty string."""
    words = word_count(result.segments)
    if not result.speech_s:
        return "No speech was found."
    if not words:
        return f"No words could be understood. {CHECK}"
    if words < settings.insufficient_words:
        return f"Only {words} word{'' if words == 1 else 's'} could be understood."
    if result.speech_s < settings.insufficient_speech_s:
        return f"There is only {result.speech_s:.1f} s of speech."
    return ""
