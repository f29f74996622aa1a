"""Agreement with human grades of another field, with and without a reference answer."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.judge.agreement import Numbers, kappa, left_out, pearson
from bench.judge.ratings import Ratings

SEED, RESAMPLES = 5, 1000


def chosen(path: Path, most: int) -> list[dict[str, Any]]:
    """At most `most` answers, the same ones each time; growing `most` keeps those already there."""
    found = [json.loads(line) for line in path.read_text().splitlines()]
    random.Random(SEED).shuffle(found)
    return found[:most]


async def rows(ratings: Ratings, answers: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Lines of the table. The head has seen none of these answers; a line from its scores to the grades is fitted on
    the other questions."""
    grades = np.array([row["score"] * 5 / row["max"] for row in answers])
    questions = [row["question"] for row in answers]
    found = []
    for name in ("with", "without"):
        rated = [
            await ratings.rate(r["question"], r["answer"], "en", r["reference"] if name == "with" else "")
            for r in answers
        ]
        scores = np.array([r.scores["quality"] for r in rated])
        fitted = left_out(scores[:, None], grades, questions)
        text = f"r {pearson(fitted, grades):.2f} {_interval(fitted, grades)}, kappa {kappa(fitted, grades):.2f}"
        raw = f"unfitted r {pearson(scores, grades):.2f}, kappa {kappa((scores - 1) / 99 * 5, grades):.2f}"
        found.append((f"human grades, {name} reference, {len(answers)} answers", f"{text} ({raw})"))
    return found


def _interval(fitted: Numbers, grades: Numbers) -> str:
    """95 % of resamplings."""
    random_numbers = np.random.default_rng(SEED)
    picks = (random_numbers.integers(0, len(grades), len(grades)) for _ in range(RESAMPLES))
    low, high = np.quantile([pearson(fitted[at], grades[at]) for at in picks], (0.025, 0.975))
    return f"({low:.2f} to {high:.2f})"
