"""Comparing what was found with what is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from servicekit.wire import Span


@dataclass(frozen=True, slots=True)
class Score:
    """Hits, what was missed and what was invented."""

    hits: int
    missed: int
    invented: int

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.missed + other.missed, self.invented + other.invented)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
        total = 2 * self.hits + self.missed + self.invented
        return 2 * self.hits / total if total else 1.0


def matched(truth: Sequence[Span], found: Sequence[Span], slack_s: float = 0.1) -> list[tuple[int, int]]:
    """Pairs of indices that overlap with `slack_s` around the truth, each used once, in time order."""
    pairs, used = [], set()
    for i, true in enumerate(truth):
        for j, seen in enumerate(found):
            if j not in used and seen.start_s <= true.end_s + slack_s and seen.end_s >= true.start_s - slack_s:
                pairs.append((i, j))
                used.add(j)
                break
    return pairs


def score(truth: Sequence[Span], found: Sequence[Span]) -> Score:
    """Each span once."""
    hits = len(matched(truth, found))
    return Score(hits, len(truth) - hits, len(found) - hits)
