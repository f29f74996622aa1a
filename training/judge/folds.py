"""Splitting graded answers: those of one question stay together, so nothing is foretold from its own question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


def folds(questions: Sequence[str], count: int, seed: int) -> list[Mask]:
    """For each fold, which answers are left out; every answer is left out once."""
    names = sorted(set(questions))
    np.random.default_rng(seed).shuffle(names)
    parts = [set(names[n::count]) for n in range(count)]
    return [np.array([q in part for q in questions]) for part in parts if part]
