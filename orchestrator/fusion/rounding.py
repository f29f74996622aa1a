"""Numbers for people: rounded, and None where nothing was measured."""

from __future__ import annotations

import math

from servicekit.wire import Span


def rounded(value: float | None, digits: int) -> float | None:
    """`value` to `digits` places; None for None and for anything that is no number."""
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def percent(ratio: float | None) -> float | None:
    """A ratio of 0 to 1 in percent to two places."""
    return None if ratio is None else rounded(100 * ratio, 2)


def mean(values: list[float | None], digits: int) -> float | None:
    """Mean of what was measured; None when nothing was."""
    known = [v for v in values if v is not None]
    return rounded(math.fsum(known) / len(known), digits) if known else None


def times(span: Span) -> tuple[float, float]:
    """Begin and end of a span, seconds to the hundredth."""
    return round(span.start_s, 2), round(span.end_s, 2)
