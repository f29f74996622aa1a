"""Scores of 100 as people read them: one way to round, the same in every service, page and file.

A rating and an answer's total are whole points, a session's total has one digit where it is not whole. Halves go up.
What counts is the number as it is written: 79.35 is 79.4, although the nearest binary number lies below. The pages
(`results/interval.js`) and the client (`interview_client.reading`) round the same way; a test compares them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FINAL_DIGITS = 1
"""Digits after the point of a session's total."""


def half_up(value: float, digits: int = 0) -> float:
    """`value`, which is finite, with so many digits after the point; halves away from zero."""
    return float(Decimal(str(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def whole(value: float) -> int:
    """A rating or an answer's total."""
    return int(half_up(value))


def final(value: float) -> float:
    """A session's total, or an end of its interval."""
    return half_up(value, FINAL_DIGITS)


def written(value: float) -> str:
    """A score as text: 79.5, 80; one digit at most."""
    return f"{final(value):.{FINAL_DIGITS}f}".removesuffix(".0")
