"""How far ratings from 1 to 5 agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Key = tuple[int, str]
"""An answer by its place from 0, and a criterion."""
Ratings = Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of how many pairs of ratings of the same thing how many are the same, and one step apart at most."""

    compared: int
    same: int
    near: int


def people(scorecards: Sequence[Ratings]) -> Agreement:
    """Over every two people."""
    return _agreement((a[key], b[key]) for a, b in combinations(scorecards, 2) for key in a.keys() & b.keys())


def with_machine(scorecards: Sequence[Ratings], scores: Mapping[Key, float]) -> Agreement:
    """Over every person and the machine; what it has not scored is left out."""
    machine = {key: step(score) for key, score in scores.items()}
    return _agreement((each[key], machine[key]) for each in scorecards for key in each.keys() & machine.keys())


def step(score: float) -> int:
    """A score of 100 as the nearest of the rubric's steps from 1 to 5, of which step n lies at 25 * (n - 1)."""
    return min(max(int(score / 25 + 1.5), 1), 5)


def _agreement(pairs: Iterable[tuple[int, int]]) -> Agreement:
    apart = [abs(first - second) for first, second in pairs]
    return Agreement(len(apart), apart.count(0), sum(steps <= 1 for steps in apart))
