"""Agreement of two graders: Pearson's correlation, quadratic weighted kappa, and fits that leave one question out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

GRADES = 6
"""Human grades 0 to 5; halves are rounded to even."""

Numbers = npt.NDArray[np.float64]


def pearson(one: Sequence[float] | Numbers, other: Sequence[float] | Numbers) -> float:
    """Correlation, -1 to 1; 0 where one side does not vary."""
    if np.std(one) == 0 or np.std(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def kappa(one: Sequence[float] | Numbers, other: Sequence[float] | Numbers) -> float:
    """Quadratic weighted kappa of grades 0 to 5 (Cohen 1968), rounded to whole ones."""
    rows, columns = (np.clip(np.rint(v), 0, GRADES - 1).astype(int) for v in (one, other))
    seen = np.zeros((GRADES, GRADES))
    np.add.at(seen, (rows, columns), 1.0)
    expected = np.outer(seen.sum(1), seen.sum(0)) / seen.sum()
    weights = np.subtract.outer(np.arange(GRADES), np.arange(GRADES)) ** 2.0
    chance = float((weights * expected).sum())
    return 1.0 - float((weights * seen).sum()) / chance if chance else 0.0


def left_out(features: Numbers, grades: Numbers, questions: Sequence[str]) -> Numbers:
    """Grades 0 to 5 foretold by a linear fit on all other questions' answers."""
    columns = np.column_stack([np.ones(len(grades)), features])
    found = np.zeros(len(grades))
    for question in set(questions):
        own = np.array([q == question for q in questions])
        weights, *_ = np.linalg.lstsq(columns[~own], grades[~own], rcond=None)
        found[own] = columns[own] @ weights
    return np.clip(found, 0.0, GRADES - 1.0)
