"""How far a score may be off: intervals that hold what a person would give in 8 of 10 answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from orchestrator.fusion.blocks.assessment import Penilaian
from orchestrator.fusion.blocks.proposal import AnswerScore
from orchestrator.fusion.rounding import rounded


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both 0 to 100."""

    low: float
    high: float


def answer_interval(rated: Penilaian, score: float, share: float) -> Interval | None:
    """The interval of an answer's score, of which the judge's total makes up `share` (0 to 1); None without.

    low = score - share * (total - total_low), high likewise: the other parts are taken as they are.
    """
    if rated.total is None or rated.total_low is None or rated.total_high is None:
        return None
    return _around(score, share * (rated.total - rated.total_low), share * (rated.total_high - rated.total))


def session_interval(answers: Sequence[AnswerScore], total: float, share: float) -> Interval | None:
    """The interval of a session's total, of which its scored answers together make up `share`; None without any.

    low = total - share * mean(score - low), high = total + share * mean(high - score)

    This is an upper bound. One judge rates all answers, so its errors are not independent and must not be divided by
    the square root of their number. By the triangle inequality the standard deviation of a mean is at most the mean of
    the standard deviations, whatever the correlation, and equal to it where the errors move together; half-widths of
    errors of one shape, such as normal ones, are multiples of those. A project score is taken as it is. Answers whose
    interval is not known are taken to be as uncertain as the others.
    """
    known = [
        (a.score - a.low, a.high - a.score)
        for a in answers
        if a.score is not None and a.low is not None and a.high is not None
    ]
    if not known:
        return None
    below, above = (fmean(half) for half in zip(*known, strict=True))
    return _around(total, share * below, share * above)


def _around(value: float, below: float, above: float) -> Interval:
    """Within the scale, and never without the value itself."""
    low, high = max(value - max(below, 0.0), 0.0), min(value + max(above, 0.0), 100.0)
    return Interval(rounded(low, 2) or 0.0, rounded(high, 2) or 0.0)
