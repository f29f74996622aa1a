"""From a reading to numbers: the states that the learned head looks at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.judge.learned.reading import Reading, Span
from services.judge.llama.context import Numbers

LATEST = 5
"""Tokens at the end of the turn: the form of the conversation around where the reply would begin."""

QUESTION_NUMBERS = 5
"""The first of the similarities are those of question and answer."""


def states(reading: Reading, without: Sequence[Span] = ()) -> Numbers:
    """Four rows: the state where the reply would begin, the mean over the answer, over the ends of its sentences, and
    over the last tokens of the turn.

    With some of the answer's sentences left out of the means; what they did to the end of the turn stays in it, for
    the answer is read once.
    """
    spans = [s.span for s in reading.sentences if s.span not in without] or [reading.answer]
    ends = reading.states[[span.end - 1 for span in spans]]
    rows = (reading.states[-1], reading.mean(reading.answer, without), ends.mean(0), reading.states[-LATEST:].mean(0))
    return np.stack(rows)


def criterion(reading: Reading, number: int, without: Sequence[Span] = ()) -> Numbers:
    """As `states`, with the state after a criterion's own text instead of where the reply would begin."""
    rows = states(reading, without)
    rows[0] = reading.criteria[number]
    return rows


def similarities(reading: Reading, mean: Numbers, scale: Numbers) -> Numbers:
    """How question and answer, and reference and answer where there is one, go together: 5 or 10 numbers.

    `mean` and `scale` (d) level the dimensions: a few of a language model's outweigh the rest. Recall and precision
    by the nearest token as in BERTScore (Zhang et al. 2020).
    """
    level = (reading.states - mean) / scale
    level /= np.linalg.norm(level, axis=1, keepdims=True) + 1e-6
    asked, wanted, said = (level[s.start : s.end] for s in (reading.question, reading.reference, reading.answer))
    found = _alike(asked, said)
    if len(wanted):
        own = 1 - np.clip((asked @ wanted.T).max(0), 0, 1)  # what the question has said already counts less
        recall = (wanted @ said.T).max(1)
        found += [*_alike(wanted, said)[:4], float((recall * own).sum() / (own.sum() + 1e-6))]
    return np.array(found, np.float32)


def _alike(ones: Numbers, others: Numbers) -> list[float]:
    """Recall, precision, cosine of the means, recall of the third that is hardest to find, and its counterpart."""
    table = ones @ others.T
    recall, precision = table.max(1), table.max(0)
    one, other = ones.mean(0), others.mean(0)
    cosine = float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-6))
    return [float(recall.mean()), float(precision.mean()), cosine, _hardest(recall), _hardest(precision)]


def _hardest(values: Numbers) -> float:
    return float(np.sort(values)[: max(1, len(values) // 3)].mean())
