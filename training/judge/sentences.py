"""Fitting what tells sentences aimed at whoever scores from those about the speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from services.judge.learned.head import Numbers
from training.judge.fitting import Values
from training.judge.material import Mixed

STRENGTH = 0.003
"""Inverse regularisation, chosen by folds."""

FOLDS, SEED = 10, 3
MARGIN = 0.02
"""The limit lies so far above the likeliest honest sentence of the folds: an honest one lost is worse than a miss."""


@dataclass(frozen=True, slots=True)
class Aimed:
    """Arrays for the head's file; probabilities of unseen sentences by folds of whole answers, and their labels."""

    arrays: dict[str, Numbers]
    limit: float
    unseen: Values
    labels: Values


def fit(mixed: Sequence[tuple[Mixed, Numbers, list[bool]]]) -> Aimed:
    """A logistic regression on the states of sentences inside answers."""
    states = np.concatenate([rows for _, rows, _ in mixed]).astype(float)
    labels = np.concatenate([np.array(given, float) for _, _, given in mixed])
    parts = np.concatenate([np.full(len(rows), n) for n, (_, rows, _) in enumerate(mixed)])
    mean, scale = states.mean(0), states.std(0) + 1e-3
    level = (states - mean) / scale
    order = np.random.default_rng(SEED).permutation(len(mixed))
    unseen = np.zeros(len(labels))
    for fold in range(FOLDS):
        left = np.isin(parts, order[fold::FOLDS])
        unseen[left] = _model(level[~left], labels[~left]).predict_proba(level[left])[:, 1]
    model = _model(level, labels)
    arrays = {
        "aimed_mean": mean.astype(np.float32),
        "aimed_scale": scale.astype(np.float32),
        "aimed_weights": model.coef_[0].astype(np.float32),
        "aimed_constant": model.intercept_.astype(np.float32),
    }
    limit = float(np.clip(unseen[labels == 0].max() + MARGIN, 0.5, 0.95))
    return Aimed(arrays, limit, unseen, labels)


def _model(states: Values, labels: Values) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=300).fit(states, labels)
