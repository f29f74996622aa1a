"""Fitting a regression of the head, and foretelling each answer by one that has not seen its question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from services.judge.learned.head import NEAREST, Kernel, Numbers, Regression, Target, middle, spread
from training.judge.folds import Mask, folds

Values = npt.NDArray[np.float64]

FOLDS, SEED = 10, 1
DIMENSIONS = 128
"""Of the projection: half or twice as many change the agreement by less than .01."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`wide`, `narrow`, `share` and `beside` of the kernel (`services.judge.learned.head.Kernel`), and `ridge`."""

    wide: float
    narrow: float
    share: float
    ridge: float
    beside: float = 0.0


@dataclass(frozen=True, slots=True)
class Material:
    """Answers: states (n, b, d), numbers beside them (n, m), grades 1 to 100 by target, questions, words, languages.

    `weights` says how much each answer counts; missing grades are NaN.
    """

    blocks: Numbers
    beside: Numbers
    grades: Mapping[str, Values]
    questions: Sequence[str]
    words: Sequence[int]
    languages: Sequence[str]

    def chosen(self, mask: Mask) -> Material:
        """The answers of a mask."""
        at: list[int] = np.flatnonzero(mask).tolist()
        return Material(
            self.blocks[at],
            self.beside[at],
            {name: values[at] for name, values in self.grades.items()},
            [self.questions[i] for i in at],
            [self.words[i] for i in at],
            [self.languages[i] for i in at],
        )

    @property
    def log_words(self) -> Values:
        """Natural logarithm of the number of words."""
        return np.asarray(np.log(np.maximum(np.array(self.words, float), 1)))


@dataclass(frozen=True, slots=True)
class Foretold:
    """Scores 1 to 100 and errors expected of answers whose question was not seen; arrays (n)."""

    value: Values
    error: Values
    unlikeness: Values


def foretold(material: Material, settings: Settings, seed: int = SEED) -> dict[str, Foretold]:
    """Each answer by a regression fitted on the other folds' questions, corrections and errors included."""
    n = len(material.questions)
    found = {t: Foretold(np.zeros(n), np.zeros(n), np.zeros(n)) for t in material.grades}
    for left in folds(material.questions, FOLDS, seed):
        fitted = fit(material.chosen(~left), settings, seed + 1)
        for i in np.flatnonzero(left).tolist():
            scores = fitted.scores(material.blocks[i], material.beside[i], material.words[i], material.languages[i])
            for name, score in scores.items():
                found[name].value[i], found[name].error[i] = score.value, score.error
                found[name].unlikeness[i] = score.unlikeness
    return found


def fit(material: Material, settings: Settings, seed: int = SEED) -> Regression:
    """The regression of all answers: one set of weights for each fold left out, corrections from the folds."""
    kernel = _kernel(material, settings)
    points = kernel.place(material.blocks, material.beside)
    likeness, near = (part.astype(float) for part in kernel.between(points, points))
    unlikeness = 1 - np.sort(np.where(np.eye(len(near)) > 0, 0, near), 1)[:, -NEAREST:].mean(1)
    parts = folds(material.questions, FOLDS, seed)
    targets = {
        name: _target(likeness, unlikeness, grades, parts, settings, material)
        for name, grades in material.grades.items()
    }
    return Regression(kernel, points, float(material.log_words.mean()), targets)


def _kernel(material: Material, settings: Settings) -> Kernel:
    blocks = material.blocks
    mean, scale = blocks.mean(0), blocks.std(0) + 1e-3
    level = ((blocks - mean) / scale / math.sqrt(blocks.shape[-1] * blocks.shape[-2])).reshape(len(blocks), -1)
    # Right singular vectors through the small square matrix: there are fewer answers than dimensions.
    values, vectors = np.linalg.eigh((level @ level.T).astype(float))
    order = np.argsort(-values)[:DIMENSIONS]
    projection = level.T @ (vectors[:, order] / np.sqrt(np.maximum(values[order], 1e-9)))
    beside_mean, beside_scale = material.beside.mean(0), material.beside.std(0) + 1e-6
    gaussians = settings.wide, settings.narrow, settings.share, settings.beside
    return Kernel(mean, scale, projection.astype(np.float32), beside_mean, beside_scale, *gaussians)


def _target(
    likeness: Values,
    unlikeness: Values,
    grades: Values,
    parts: Sequence[Mask],
    settings: Settings,
    material: Material,
) -> Target:
    known = ~np.isnan(grades)
    weights, offsets = np.zeros((len(parts), len(grades))), np.zeros(len(parts))
    for n, left in enumerate(parts):
        kept = np.flatnonzero(known & ~left)
        offsets[n] = grades[kept].mean()
        square = likeness[np.ix_(kept, kept)] + settings.ridge * np.eye(len(kept))
        weights[n, kept] = np.linalg.solve(square, grades[kept] - offsets[n])
    raw = weights @ likeness + offsets[:, None]
    unseen = np.array([raw[next(n for n, left in enumerate(parts) if left[i]), i] for i in range(len(grades))])
    others = np.array([spread(raw[[n for n, left in enumerate(parts) if not left[i]], i]) for i in range(len(grades))])
    target = Target(weights.astype(np.float32), offsets.astype(np.float32), 0.0, 1.0, 0.0, {}, (0.0,) * 4)
    corrected = _corrected(target, unseen[known], grades[known], material.chosen(known))
    value = _apply(corrected, unseen, material)
    terms = np.column_stack([np.ones(len(grades)), others, unlikeness, [middle(v) for v in value]])[known]
    return replace(corrected, error=_error_terms(terms, np.abs(value - grades)[known]))


def _corrected(target: Target, unseen: Values, grades: Values, material: Material) -> Target:
    """Stretch what regression has drawn to the middle; take out what length and language alone have moved.

    unseen = a + b grade + c (ln words - usual) + language: at equal grade neither may move the score.
    """
    usual = float(np.log(np.maximum(np.array(material.words, float), 1)).mean())
    length = material.log_words - usual
    indonesian = np.array([language == "id" for language in material.languages], float)
    indonesian -= indonesian.mean()
    columns = np.column_stack([np.ones(len(grades)), grades, length, indonesian])
    _, _, by_length, by_language = np.linalg.lstsq(columns, unseen, rcond=None)[0]
    clean = unseen - by_length * length - by_language * indonesian
    slope, constant = np.polyfit(clean, grades, 1)
    share = float(np.mean([language == "id" for language in material.languages]))
    return replace(
        target,
        constant=float(constant),
        slope=float(slope),
        length=float(-slope * by_length),
        languages={"en": float(slope * by_language * share), "id": float(-slope * by_language * (1 - share))},
    )


def _apply(target: Target, raw: Values, material: Material) -> Values:
    usual = float(material.log_words.mean())
    moved = np.array([target.languages[language] for language in material.languages])
    value = target.constant + target.slope * raw + target.length * (material.log_words - usual) + moved
    return np.asarray(np.clip(value, 1, 100))


def _error_terms(terms: Values, errors: Values) -> tuple[float, ...]:
    """Weights of at least 0 with which the terms foretell the absolute error best."""
    return tuple(float(weight) for weight in nnls(terms, errors)[0])
