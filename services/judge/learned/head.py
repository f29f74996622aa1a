"""The learned head: from the states of a reading to scores, each with what is known of its error.

Kernel ridge regression on graded answers, once for each fold of them: the mean is the score, and how far the folds
disagree and how near the nearest graded answers are foretell the error. Made by `python -m training.judge`.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]

NEAREST = 5
"""Graded answers that say how far a new one is from what was seen."""

GAUSSIANS = ("wide", "narrow", "share", "beside")
WIDE_BESIDE = 0.1
"""Weight of the numbers beside the states in the wide Gaussian: far from what was seen they lead astray. Chosen with
the settings of the fitting."""


@dataclass(frozen=True, slots=True)
class Score:
    """1 to 100. `error` is the mean absolute error to expect, in points; `unlikeness` 0 to 1 of the graded answers."""

    value: float
    error: float
    unlikeness: float


@dataclass(frozen=True, slots=True)
class Kernel:
    """What makes two answers alike: blocks levelled by mean and scale and projected, numbers beside them levelled.

    Two Gaussians on the distance: a `wide` one, which still tells answers apart that are unlike all that was seen, and
    a `narrow` one, by `share` of it, which corrects it near what was seen.
    """

    mean: Numbers
    scale: Numbers
    projection: Numbers
    beside_mean: Numbers
    beside_scale: Numbers
    wide: float
    narrow: float
    share: float
    beside: float
    """Weight of the numbers beside the blocks in the narrow Gaussian."""

    def place(self, blocks: Numbers, beside: Numbers) -> Numbers:
        """Points for answers: blocks (n, b, d) and numbers beside them (n, m), m may be 0."""
        level = (blocks - self.mean) / self.scale / math.sqrt(blocks.shape[-1] * blocks.shape[-2])
        flat = level.reshape(len(blocks), -1) @ self.projection
        numbers = (beside - self.beside_mean) / self.beside_scale / math.sqrt(max(beside.shape[1], 1))
        return np.asarray(np.hstack([flat, numbers]), np.float32)

    def between(self, ones: Numbers, others: Numbers) -> tuple[Numbers, Numbers]:
        """Likeness of each point to each other point, and its narrow part alone, 0 to 1."""
        at = self.projection.shape[1]
        states = _squares(ones[:, :at], others[:, :at])
        numbers = _squares(ones[:, at:], others[:, at:])
        narrow = np.exp(-self.narrow * (states + self.beside**2 * numbers))
        wide = np.exp(-self.wide * (states + WIDE_BESIDE**2 * numbers))
        return np.asarray(wide + self.share * narrow, np.float32), np.asarray(narrow, np.float32)


def _squares(ones: Numbers, others: Numbers) -> Numbers:
    """Squared distance of each point to each other point."""
    found = (ones**2).sum(-1)[:, None] + (others**2).sum(-1) - 2 * ones @ others.T
    return np.asarray(np.maximum(found, 0), np.float32)


@dataclass(frozen=True, slots=True)
class Target:
    """One score: `weights` (folds, points), `offsets` (folds); then slope and corrections; then the error's terms.

    score = constant + slope * mean + length * (ln words - usual length) + the language's own constant;
    error = terms of (1, disagreement, unlikeness, middle); middle is 1 at a score of 50 and 0 at both ends.
    """

    weights: Numbers
    offsets: Numbers
    constant: float
    slope: float
    length: float
    languages: dict[str, float]
    error: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Regression:
    """A kernel, the graded answers' points, and the scores that were learned from them."""

    kernel: Kernel
    points: Numbers
    usual_length: float
    targets: dict[str, Target]

    def scores(self, blocks: Numbers, beside: Numbers, words: int, language: str) -> dict[str, Score]:
        """Every target's score for one answer of so many words, said in `en` or `id`; blocks (b, d), beside (m)."""
        like, near = self.kernel.between(self.kernel.place(blocks[None], beside[None]), self.points)
        unlikeness = float(1 - np.sort(near[0])[-NEAREST:].mean())
        return {name: self._score(t, like[0], unlikeness, words, language) for name, t in self.targets.items()}

    def _score(self, target: Target, like: Numbers, unlikeness: float, words: int, language: str) -> Score:
        folds = target.weights @ like + target.offsets
        length = target.length * (math.log(max(words, 1)) - self.usual_length)
        value = target.constant + target.slope * float(folds.mean()) + length + target.languages.get(language, 0.0)
        value = min(max(value, 1.0), 100.0)
        terms = (1.0, spread(folds), unlikeness, middle(value))
        error = sum(weight * term for weight, term in zip(target.error, terms, strict=True))
        return Score(value, max(error, 1.0), unlikeness)


def spread(folds: npt.NDArray[Any]) -> float:
    """How far the folds disagree: the median distance from their median, as a standard deviation (Hampel 1974).

    One fold alone does not count: where an answer much like a graded one comes, just the fold that left that one out
    says something else.
    """
    return 1.4826 * float(np.median(np.abs(folds - np.median(folds))))


def middle(value: float) -> float:
    """How far from both ends of the scale a score is, 0 to 1: errors are larger there."""
    return 1 - abs(value - 50.5) / 49.5


@dataclass(frozen=True, slots=True)
class Head:
    """Regressions by name, numbers by name, and what they belong to: model, opening and data by SHA-256."""

    regressions: dict[str, Regression]
    arrays: dict[str, Numbers]
    facts: dict[str, Any]
    sha256: str

    @property
    def model_sha256(self) -> str:
        """Of the weights whose states it reads; of no use with others."""
        return str(self.facts["model_sha256"])

    @property
    def data_sha256(self) -> str:
        """Of the graded answers that it learned from."""
        return str(self.facts["data_sha256"])


def read(path: Path) -> Head:
    """The head of a file made by `write`."""
    content = path.read_bytes()
    with np.load(io.BytesIO(content)) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "facts"}
        facts = json.loads(bytes(stored["facts"]))
    regressions = {name: _regression(name, arrays, facts["regressions"][name]) for name in facts["regressions"]}
    single = {name: a.astype(np.float32) for name, a in arrays.items() if "/" not in name}
    return Head(regressions, single, facts, hashlib.sha256(content).hexdigest())


def write(path: Path, regressions: dict[str, Regression], arrays: dict[str, Numbers], facts: dict[str, Any]) -> None:
    """One file; the same content gives the same bytes."""
    stored: dict[str, npt.NDArray[Any]] = dict(arrays)
    described: dict[str, Any] = {}
    for name, found in regressions.items():
        kernel = found.kernel
        stored |= {f"{name}/mean": kernel.mean, f"{name}/scale": kernel.scale}
        stored |= {f"{name}/beside_mean": kernel.beside_mean, f"{name}/beside_scale": kernel.beside_scale}
        stored |= {f"{name}/projection": kernel.projection.astype(np.float16)}
        stored |= {f"{name}/points": found.points.astype(np.float16)}
        for target, values in found.targets.items():
            stored |= {f"{name}/{target}/weights": values.weights, f"{name}/{target}/offsets": values.offsets}
        described[name] = {
            **{name: getattr(kernel, name) for name in GAUSSIANS},
            "usual_length": found.usual_length,
            "targets": {n: _described(t) for n, t in found.targets.items()},
        }
    text = json.dumps(facts | {"regressions": described}, sort_keys=True)
    stored["facts"] = np.frombuffer(text.encode(), np.uint8)
    np.savez_compressed(path, **stored)  # type: ignore[arg-type]  # names are given as keywords


def _described(target: Target) -> dict[str, Any]:
    names = ("constant", "slope", "length", "languages", "error")
    return {name: getattr(target, name) for name in names}


def _regression(name: str, arrays: dict[str, Numbers], facts: dict[str, Any]) -> Regression:
    def array(part: str) -> Numbers:
        return arrays[f"{name}/{part}"].astype(np.float32)

    kernel = Kernel(
        array("mean"),
        array("scale"),
        array("projection"),
        array("beside_mean"),
        array("beside_scale"),
        **{name: facts[name] for name in GAUSSIANS},
    )
    targets = {
        target: Target(
            array(f"{target}/weights"),
            array(f"{target}/offsets"),
            f["constant"],
            f["slope"],
            f["length"],
            f["languages"],
            tuple(f["error"]),
        )
        for target, f in facts["targets"].items()
    }
    return Regression(kernel, array("points"), facts["usual_length"], targets)
