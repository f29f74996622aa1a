"""Fitting a chat model's map from levels to scores on the graded answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from sklearn.isotonic import IsotonicRegression

from services.judge.backends import chat_backends
from services.judge.chat import calibration
from services.judge.chat.calibration import Calibration, Curve
from services.judge.chat.evaluator import rated
from services.judge.chat.model import ChatBackend
from services.judge.model import Criterion, RatingInput
from services.judge.settings import Settings
from training.judge import material
from training.judge.fitting import Values
from training.judge.folds import folds
from training.judge.material import GRADED, Answer

T = TypeVar("T")
KNOTS = 8
"""Points of a curve."""

COVERED = 0.8
FOLDS, SEED = 5, 2


async def calibrate(settings: Settings, most: int) -> str:
    """Let the first chat model of the settings rate graded answers, write its map, and say how good it is."""
    chat = next((chat for name, chat in chat_backends(settings).items() if name != "llamacpp"), None)
    if chat is None:
        return "No chat model is set: give JUDGE_OPENAI_URL or JUDGE_HUGGINGFACE_TOKEN."
    answers = spread(material.answers(), most)
    await chat.load()
    try:
        levels = [await _levels(chat, a, settings.samples) for a in answers]
    finally:
        await chat.close()
    grades = np.array([a.grades for a in answers])
    found, lines = fitted(np.array(levels), grades, [a.qid for a in answers])
    path = calibration.write(chat.model.name, found, settings.calibration_dir)
    return "\n".join([*lines, f"written to {path}"])


def fitted(levels: Values, grades: Values, questions: Sequence[str]) -> tuple[Calibration, list[str]]:
    """The map, and for each criterion its mean error before and after, foretold by folds of questions."""
    curves, ratios, lines = {}, [], []
    for n, name in enumerate(GRADED):
        unseen = np.zeros(len(levels))
        for left in folds(questions, FOLDS, SEED):
            unseen[left] = _isotonic(levels[~left, n], grades[~left, n]).predict(levels[left, n])
        errors = np.abs(unseen - grades[:, n])
        before = np.abs(1 + 99 * levels[:, n] - grades[:, n]).mean()
        curves[name] = _curve(levels[:, n], grades[:, n], float(errors.mean()))
        ratios.append(float(np.quantile(errors, COVERED) / errors.mean()))
        lines.append(f"{name}: mean error {before:.1f} points as the model says it, {errors.mean():.1f} by the map")
    return Calibration(curves, float(np.mean(ratios)), material.sha256()), lines


def spread(items: Sequence[T], most: int) -> list[T]:
    """At most so many, evenly spread."""
    if len(items) <= most:
        return list(items)
    return [items[int(n)] for n in np.linspace(0, len(items) - 1, most)]


async def _levels(chat: ChatBackend, answer: Answer, samples: int) -> list[float]:
    request = RatingInput(answer.question, answer.answer, answer.language, "en", answer.reference)
    found, _ = await rated(chat, request, [Criterion(name, 1.0) for name in GRADED], samples)
    return [found[name].level for name in GRADED]


def _isotonic(levels: Values, grades: Values) -> IsotonicRegression:
    return IsotonicRegression(y_min=1, y_max=100, out_of_bounds="clip").fit(levels, grades)


def _curve(levels: Values, grades: Values, error: float) -> Curve:
    knots = np.unique(np.quantile(levels, np.linspace(0, 1, KNOTS)))
    scores = _isotonic(levels, grades).predict(knots)
    return Curve(tuple(map(float, knots)), tuple(map(float, scores)), error)
