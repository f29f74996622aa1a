"""Stretches of time that are one after the other, and which of them belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from servicekit.wire import Span

T = TypeVar("T")


def joined(parts: Iterable[T], union: Callable[[T, T], T | None]) -> list[T]:
    """The parts, in order of time, with neighbours made one where `union` gives their whole; None keeps them apart."""
    found: list[T] = []
    for part in parts:
        whole = union(found[-1], part) if found else None
        if whole is None:
            found.append(part)
        else:
            found[-1] = whole
    return found


def joined_spans(spans: Iterable[Span], gap_s: float) -> list[Span]:
    """Spans in order of time with gaps of up to `gap_s` seconds closed."""
    return joined(spans, lambda a, b: _whole(a, b) if b.start_s - a.end_s <= gap_s else None)


def _whole(a: Span, b: Span) -> Span:
    return Span(a.start_s, max(a.end_s, b.end_s))
