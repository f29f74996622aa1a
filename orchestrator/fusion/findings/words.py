"""Findings in the words: what the judge flags, and transcripts that nothing can be judged by."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.evidence import AnswerEvidence, Transcript
from orchestrator.fusion.findings.finding import Finding, Severity
from orchestrator.fusion.transcript import quote_span
from servicekit.wire import Span

_WORDS: dict[str, tuple[Severity, str, str]] = {
    "answer_addresses_the_judge": (
        "review",
        "Part of the answer addresses whoever scores it; it was removed before scoring.",
        "Reading the task aloud, quoting somebody, or a habit of speech.",
    ),
    "keyword_list": (
        "info",
        "The answer is mostly a list of terms, so its score is limited.",
        "Notes read aloud, or words missing from the transcript.",
    ),
}
"""Severity, what was said and an innocent explanation of what the judge flags."""


def flagged_words(answer: AnswerEvidence) -> Iterator[Finding]:
    """What the judge flags."""
    flags = answer.evaluation.flags if answer.evaluation else ()
    for flag in flags:
        if flag.type not in _WORDS:  # a newer judge's: it stands in the result's `answer_flags`
            continue
        severity, explanation, innocent = _WORDS[flag.type]
        span = quote_span(answer.transcript, flag.quote) or Span(0.0, answer.duration_s or 0.0)
        yield Finding(
            flag.type,
            span.start_s,
            span.end_s,
            strength=float(len(flag.quote.split())),
            confidence=1.0,
            severity=severity,
            explanation=explanation,
            innocent_explanation=innocent,
            quote=flag.quote,
        )


def insufficient_transcript(transcript: Transcript, duration_s: float) -> Iterator[Finding]:
    """A transcript that nothing can be judged by."""
    if transcript.quality == "insufficient":
        yield Finding(
            "transcript_insufficient",
            0.0,
            duration_s,
            strength=float(transcript.word_count),
            confidence=1.0,
            severity="info",
            explanation=f"The answer was not scored: {transcript.quality_reason}",
            innocent_explanation="A muted or distant microphone, noise, or a language other than the one chosen.",
        )
