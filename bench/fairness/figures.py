"""Means with intervals from samples drawn again (bootstrap)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 2000
NOTABLE_POINTS = 5.0
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Change:
    """By how many points of 100 scores change: mean, its 95 % interval, mean distance, share above 5 points."""

    n: int
    mean: float
    low: float
    high: float
    distance: float
    notable: float

    def row(self, name: str) -> str:
        """As a line of the table."""
        interval = f"{self.low:+.1f} to {self.high:+.1f}"
        return f"| {name} | {self.n} | {self.mean:+.1f} | {interval} | {self.distance:.1f} | {self.notable:.0%} |"


def change(differences: Sequence[float]) -> Change:
    """Of these differences. Raises ValueError without any."""
    if not differences:
        raise ValueError("there is nothing to compare")
    values, chance = np.asarray(differences, dtype=float), np.random.default_rng(1)
    drawn = chance.choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    distances = np.abs(values)
    return Change(
        len(values),
        float(values.mean()),
        float(low),
        float(high),
        float(distances.mean()),
        float((distances > NOTABLE_POINTS).mean()),
    )


def share(times: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, by Wilson's score. Raises ValueError without any."""
    if not of:
        raise ValueError("there is nothing to compare")
    z2, part = NORMAL_95**2, times / of
    middle = (part + z2 / (2 * of)) / (1 + z2 / of)
    half = NORMAL_95 / (1 + z2 / of) * math.sqrt(part * (1 - part) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)
