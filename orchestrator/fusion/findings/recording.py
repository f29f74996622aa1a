"""Findings in what was recorded: stretches without picture, without sound, or without both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestrator.evidence import AnswerEvidence
from orchestrator.fusion.findings.finding import Finding
from servicekit.wire import Span

REVIEW_S = 2.0
"""Shorter losses are a remark: a damaged packet, a track that ends a little earlier."""
SAME_S = 1.0
"""Picture and sound that stop and go on within this time of each other stop together."""
_INNOCENT = {
    "recording_gap": "The computer slept or the connection was lost; two recordings of one answer were joined.",
    "picture_missing": "The camera started late, was switched off or failed; a slow connection, a damaged file.",
    "sound_missing": "The microphone started late, was switched off or failed; a slow connection, a damaged file.",
}
_WHAT = {
    "recording_gap": "Neither picture nor sound was recorded",
    "picture_missing": "There is no picture",
    "sound_missing": "There is no sound",
}


def missing_parts(answer: AnswerEvidence) -> Iterator[Finding]:
    """What the recording lacks. A recording without any picture or sound is named by its stages."""
    picture = answer.vision.missing if answer.vision is not None else ()
    sound = answer.recording.sound_missing if answer.recording is not None else ()
    both = [span for span in picture if any(_same(span, other) for other in sound)]
    parts = (
        ("recording_gap", both),
        ("picture_missing", [span for span in picture if span not in both]),
        ("sound_missing", [span for span in sound if not any(_same(span, other) for other in both)]),
    )
    for kind, spans in parts:
        yield from _findings(kind, spans, answer.duration_s or 0.0)


def _findings(kind: str, spans: Sequence[Span], total_s: float) -> Iterator[Finding]:
    missing_s = sum(span.duration_s for span in spans)
    of_all = f" ({missing_s:.1f} of {total_s:.1f} s in all)" if len(spans) > 1 else ""
    for span in spans:
        yield Finding(
            kind,
            span.start_s,
            span.end_s,
            strength=round(span.duration_s, 2),
            confidence=1.0,
            severity="review" if missing_s >= REVIEW_S else "info",
            explanation=f"{_WHAT[kind]} for {span.duration_s:.1f} s{of_all}.",
            innocent_explanation=_INNOCENT[kind],
        )


def _same(span: Span, other: Span) -> bool:
    return abs(span.start_s - other.start_s) <= SAME_S and abs(span.end_s - other.end_s) <= SAME_S
