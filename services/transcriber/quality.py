"""Figures and verdicts on a whole transcript."""

from __future__ import annotations

from dataclasses import dataclass

from services.transcriber.model import Segment, TranscriptionResult
from services.transcriber.settings import Settings

CALIBRATIONS = {("whisper-base", "en"): (1.37, -0.33)}
"""Slope and offset from mean word probability to the share of right words, by model and language. Fitted on read
English of six voices, clean, by telephone and in pink noise of 20 to 0 dB; docs/measurements/speech.md has the figures.
Indonesian has none: there are only synthetic voices to fit it on, and people's are what it would be believed of."""

CHECK = "Check the spoken language and the microphone."


@dataclass(frozen=True, slots=True)
class Verdict:
    """`quality` is `good`, `usable` or `insufficient`; `reason` says why it is not good."""

    quality: str
    reason: str = ""


def word_count(segments: tuple[Segment, ...]) -> int:
    """Words over all segments."""
    return sum(len(s.words) for s in segments)


def confidence(segments: tuple[Segment, ...]) -> float | None:
    """Mean segment confidence weighted by duration; None without segments."""
    total_s = sum(s.span.duration_s for s in segments)
    if not total_s:
        return sum(s.confidence for s in segments) / len(segments) if segments else None
    return sum(s.confidence * s.span.duration_s for s in segments) / total_s


def calibrated(confidence: float | None, result: TranscriptionResult) -> float | None:
    """Expected share of right words, 0 to 1, at a mean word probability, by the shares of the languages.

    None without words, and where the model was not measured on one of the languages.
    """
    lines = [(CALIBRATIONS.get((result.model.name, s.language)), s.share) for s in result.languages]
    if confidence is None or not lines:
        return None
    expected = 0.0
    for line, share in lines:
        if line is None:
            return None
        slope, offset = line
        expected += share * min(1.0, max(0.0, slope * confidence + offset))
    return expected


def verdict(result: TranscriptionResult, settings: Settings) -> Verdict:
    """Whether later stages can rely on the transcript."""
    if reason := _shortage(result, settings):
        return Verdict("insufficient", reason)
    sure, lost = confidence(result.segments) or 0.0, dropped_ratio(result)
    if sure < settings.insufficient_confidence:
        return Verdict("insufficient", f"The words are too uncertain (mean probability {sure:.2f}). {CHECK}")
    if lost > settings.insufficient_dropped_ratio:
        return Verdict("insufficient", f"{lost:.0%} of the speech could not be understood. {CHECK}")
    if sure < settings.usable_confidence:
        return Verdict("usable", f"The words are uncertain (mean probability {sure:.2f}).")
    if lost > settings.usable_dropped_ratio:
        return Verdict("usable", f"{lost:.0%} of the speech could not be understood.")
    return Verdict("good")


def dropped_ratio(result: TranscriptionResult) -> float:
    """Share of the speech that was left out of the transcript, 0 to 1."""
    lost_s = sum(d.span.duration_s for d in result.dropped)
    return min(1.0, lost_s / result.speech_s) if result.speech_s else 0.0


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
