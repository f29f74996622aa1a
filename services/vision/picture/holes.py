"""Stretches without a picture: nothing that was seen reaches into them, and shares are over the whole answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from servicekit.wire import Span
from services.vision.model import VisionEvent

LEAST_HOLE_S = 0.5
"""Shorter holes do not divide what happens on both sides of them."""
LEAST_PART_S = 0.3
"""What is left of an event beside a hole counts from here on; whole events may be shorter."""


def outside(event: VisionEvent, holes: Sequence[Span]) -> list[VisionEvent]:
    """The parts of an event in which there was a picture; an event that no hole touches is left as it is."""
    spans = [event.span]
    for hole in holes:
        if hole.duration_s >= LEAST_HOLE_S:
            spans = [part for span in spans for part in _without(span, hole)]
    if spans == [event.span]:
        return [event]
    return [_part(event, span) for span in spans if span.duration_s >= LEAST_PART_S]


def pictured_share(holes: Sequence[Span], total_s: float) -> float:
    """Share of the answer in which there is a picture, 0 to 1."""
    return 1.0 - min(1.0, sum(hole.duration_s for hole in holes) / total_s) if total_s > 0 else 1.0


def _without(span: Span, hole: Span) -> list[Span]:
    if hole.end_s <= span.start_s or hole.start_s >= span.end_s:
        return [span]
    parts = [Span(span.start_s, hole.start_s), Span(hole.end_s, span.end_s)]
    return [part for part in parts if part.end_s > part.start_s]


def _part(event: VisionEvent, span: Span) -> VisionEvent:
    peak_s = event.peak_s if span.start_s <= event.peak_s <= span.end_s else (span.start_s + span.end_s) / 2
    return replace(event, span=span, peak_s=peak_s)
