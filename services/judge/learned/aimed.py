"""Sentences of an answer that talk to whoever scores it, found by what the model's states say of each sentence.

The answer is read anyway, so looking costs nothing. A question about the whole answer does not see them, and word
lists see only what they were written for (docs/measurements/judge.md).
"""

from __future__ import annotations

import numpy as np

from services.judge.learned.head import Head
from services.judge.learned.reading import Reading, Sentence
from services.judge.llama.context import Numbers


def sentence_states(reading: Reading) -> Numbers:
    """One row a sentence: the mean of its tokens' states and the state at its end."""
    rows = []
    for sentence in reading.sentences:
        span = sentence.span
        rows.append(np.concatenate([reading.mean(span), reading.states[span.end - 1]]))
    return np.array(rows, np.float32)


def probabilities(reading: Reading, head: Head) -> Numbers:
    """For each sentence how likely it is aimed at whoever scores, 0 to 1 (logistic regression)."""
    arrays = head.arrays
    level = (sentence_states(reading) - arrays["aimed_mean"]) / arrays["aimed_scale"]
    logits = level @ arrays["aimed_weights"] + arrays["aimed_constant"]
    return (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)


def aimed(reading: Reading, head: Head) -> tuple[Sentence, ...]:
    """The sentences to take out, in their order."""
    limit = float(head.facts["aimed_limit"])
    found = probabilities(reading, head)
    return tuple(s for s, p in zip(reading.sentences, found, strict=True) if p >= limit)
