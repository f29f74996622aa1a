"""Rates and what they are compared by: impact ratio, four-fifths rule, Fisher's exact test.

Ratio and median as in New York City's rules on automated employment decision tools (6 RCNY 5-300); four fifths as in
the Uniform Guidelines (29 CFR 1607.4 D).
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FOUR_FIFTHS = 0.8
LEAST_SHARE = 0.02
"""Of those who disclose: smaller categories get no ratio, as 6 RCNY 5-301 (d) allows."""


@dataclass(frozen=True, slots=True)
class Count:
    """Of how many people something is known, and for how many it is what is wanted."""

    people: int
    wanted: int

    @property
    def rate(self) -> float | None:
        """0 to 1; None of nobody."""
        return self.wanted / self.people if self.people else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A rate beside the highest one. `ratio` is None where there is nothing to compare; `p` is two-sided."""

    ratio: float | None = None
    below_four_fifths: bool | None = None
    p: float | None = None


def counted(outcomes: Iterable[bool | None]) -> Count:
    """Over those whose outcome is known."""
    known = [outcome for outcome in outcomes if outcome is not None]
    return Count(len(known), sum(known))


def above_median(scores: Sequence[float | None]) -> list[bool | None]:
    """Whether each score lies above the median of all of them; a score that is missing does not count."""
    known = [score for score in scores if score is not None]
    if not known:
        return [None] * len(scores)
    middle = statistics.median(known)
    return [None if score is None else score > middle for score in scores]


def compared(counts: Sequence[Count | None]) -> list[Compared]:
    """Each beside the highest rate among them; None: not shown, and compared with nobody."""
    whole = sum(count.people for count in counts if count)
    large = [c for c in counts if c and c.people and c.people >= LEAST_SHARE * whole]
    best = max(large, key=lambda c: (c.rate or 0.0, c.people), default=None)
    return [_compared(count, best) if count in large else Compared() for count in counts]


def _compared(count: Count | None, best: Count | None) -> Compared:
    # Imported here: it takes a third of a process's start, and only reports need it.
    from scipy.stats import fisher_exact

    if count is None or best is None or not best.rate or count.rate is None:
        return Compared()
    ratio = count.rate / best.rate
    table = [[c.wanted, c.people - c.wanted] for c in (count, best)]
    return Compared(ratio, ratio < FOUR_FIFTHS - 1e-12, min(1.0, float(fisher_exact(table)[1])))
