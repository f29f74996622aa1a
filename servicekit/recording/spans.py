"""Spans of time as (start, end) in seconds: what is covered and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Spans = list[tuple[float, float]]


def merged(spans: Iterable[tuple[float, float]], gap_s: float = 0.0) -> Spans:
    """In order of time, those that overlap or are at most `gap_s` apart as one."""
    found: Spans = []
    for start_s, end_s in sorted(spans):
        if found and start_s <= found[-1][1] + gap_s:
            found[-1] = found[-1][0], max(found[-1][1], end_s)
        else:
            found.append((start_s, end_s))
    return found


def holes(covered: Iterable[tuple[float, float]], total_s: float, least_s: float) -> Spans:
    """What `covered` leaves out between 0 and `total_s`, from `least_s` seconds on."""
    found: Spans = []
    reached_s = 0.0
    for start_s, end_s in merged([*covered, (total_s, total_s)]):
        if start_s - reached_s >= least_s:
            found.append((reached_s, start_s))
        reached_s = max(reached_s, end_s)
    return found


def shared_s(span: tuple[float, float], others: Sequence[tuple[float, float]]) -> float:
    """Seconds of `span` that lie in `others`, which do not overlap."""
    return sum(max(0.0, min(span[1], end_s) - max(span[0], start_s)) for start_s, end_s in others)


def within(spans: Iterable[tuple[float, float]], total_s: float) -> Spans:
    """Cut to 0 to `total_s`; what is left of nothing is left out."""
    cut = [(max(0.0, start_s), min(total_s, end_s)) for start_s, end_s in spans]
    return [span for span in cut if span[1] > span[0]]
