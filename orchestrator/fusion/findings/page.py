"""What the candidate's page noted: pauses, and signals where the candidate was told of them.

For information only: no verdict, score or proposal knows of them, and lists do not count them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator.evidence import AnswerEvidence, PageMark
from orchestrator.fusion.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a mark is told; `lasts` is filled with how long it took."""

    type: str
    lasts: str
    open: str
    innocent: str


_KINDS = {
    "pause": _Kind(
        "paused",
        "Paused for {lasts}, which the question allows.",
        "Paused, which the question allows; the recording ends there.",
        "A drink of water, somebody at the door, a moment to think.",
    ),
    "page_left": _Kind(
        "page_left",
        "Another window or tab was in front for {lasts}.",
        "Another window or tab was in front until the end.",
        "A message or a call came in, the question was looked up again, a finger slipped. What was there is unknown.",
    ),
    "second_screen": _Kind(
        "second_screen",
        "A second screen was connected for {lasts}.",
        "A second screen was connected until the end.",
        "Many people work with two screens. What the second one showed is unknown.",
    ),
    "paste": _Kind(
        "pasted",
        "Something was pasted on the page, where nothing can be pasted.",
        "Something was pasted on the page, where nothing can be pasted.",
        "Keys pressed by habit or by mistake. What it was is unknown.",
    ),
    "device_change": _Kind(
        "device_changed",
        "A camera, microphone or headset was plugged in or pulled out.",
        "A camera, microphone or headset was plugged in or pulled out.",
        "A headset that ran out of power, a loose plug, a telephone connected to charge.",
    ),
}
PAGE = frozenset(kind.type for kind in _KINDS.values())
"""Findings that rest on what the candidate's page noted."""


def page_marks(answer: AnswerEvidence) -> Iterator[Finding]:
    """One finding for each mark. A pause stands at one moment: nothing was recorded while it lasted."""
    for mark in answer.page.marks if answer.page else ():
        kind = _KINDS.get(mark.kind)
        if kind is not None:
            yield _finding(kind, mark, answer.duration_s)


def _finding(kind: _Kind, mark: PageMark, length_s: float | None) -> Finding:
    limit_s = mark.start_s if length_s is None else length_s
    start_s = min(mark.start_s, limit_s)
    end_s = limit_s if mark.end_s is None and kind.type != "paused" else min(mark.end_s or start_s, limit_s)
    told = kind.open if mark.duration_s is None else kind.lasts.format(lasts=_lasts(mark.duration_s))
    return Finding(
        kind.type,
        start_s,
        max(start_s, end_s),
        strength=round(mark.duration_s or 0.0, 1),
        confidence=1.0,
        severity="info",
        explanation=told,
        innocent_explanation=kind.innocent,
    )


def _lasts(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s" if rest else "less than a second"
