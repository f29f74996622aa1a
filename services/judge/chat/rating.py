"""Rating by the probability of one token, written once for every language model.

A criterion is asked as one digit from 1 to 5 or as yes or no. The score is the expected value over the probabilities
of those tokens: finer and steadier than the likeliest digit (correlation with human grades .72 against .56). The
confidence is how little they spread. A model without token probabilities gives whole steps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from services.judge.chat.model import Conversation, Options, Token
from services.judge.chat.prompts import RATING_TASKS, RELEVANCE_SCALE_TASK, rating_data, rating_turn
from services.judge.model import BackendError, Criterion, RatingInput
from services.judge.words.chunks import passages

LEVELS = {str(n): (n - 1) / 4 for n in range(1, 6)}
YES_NO = {"no": 0.0, "yes": 1.0}
TOP_LOGPROBS = 20
LEAST_MASS = 0.5
"""When the wanted tokens hold less probability than this together, the model did not answer the question. Chosen by
us; a model that follows holds about 1."""

SAMPLE_TEMPERATURE = 0.7
LONE_CONFIDENCE = 0.5
"""Confidence of one rating without probabilities: nothing is known about its spread. Chosen by us."""

AGREEMENT_LIMIT = 0.9
"""Confidence of samples that all agree: a few samples cannot show more. Chosen by us."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """On one criterion: `level` and `confidence` 0 to 1; `probability` of the token that carries it, or None."""

    level: float
    confidence: float
    probability: float | None

    @property
    def score(self) -> float:
        """1 to 100, linear: the digits 1 to 5 become 1, 25.75, 50.5, 75.25, 100."""
        return 1 + 99 * self.level


async def rate(
    chat: Conversation, request: RatingInput, criteria: Sequence[Criterion], passage_words: int, samples: int
) -> dict[str, Opinion]:
    """One opinion for each criterion. Passages of a long answer are rated one by one and averaged by their length.

    Raises BackendError.
    """
    parts = passages(request.answer, passage_words)
    weights = [len(part.split()) for part in parts]
    found: list[dict[str, Opinion]] = []
    for part in parts:
        data = rating_data(request.question, request.reference, part)
        found.append({c.name: await _opinion(chat, data, c, samples) for c in criteria})
    return {c.name: _mean([f[c.name] for f in found], weights) for c in criteria}


def unanswered(criteria: Sequence[Criterion]) -> dict[str, Opinion]:
    """The lowest level on everything, for an answer of which nothing is left to rate."""
    return {c.name: Opinion(0.0, 1.0, None) for c in criteria}


async def _opinion(chat: Conversation, data: str, criterion: Criterion, samples: int) -> Opinion:
    task = criterion.task or RATING_TASKS[criterion.name]
    levels = YES_NO if criterion.name == "relevance" else LEVELS
    answer = await chat.complete([rating_turn(data, task)], Options(1, top_logprobs=TOP_LOGPROBS))
    if answer.tokens:
        return expected(answer.tokens[0], levels)
    return await _sampled(chat, data, task if levels is LEVELS else RELEVANCE_SCALE_TASK, samples)


def expected(token: Token, levels: Mapping[str, float]) -> Opinion:
    """The expected level over the token's alternatives; confidence 1 - 2 sd, as 0.5 is the largest sd on 0 to 1.

    Raises BackendError when the wanted tokens are unlikely.
    """
    shares = token.shares(list(levels))
    mass = sum(shares.values())
    if mass < LEAST_MASS:
        raise BackendError("its answer is not on the scale", broken_output=True, request_bound=True)
    level = sum(levels[k] * p for k, p in shares.items()) / mass
    variance = sum((levels[k] - level) ** 2 * p for k, p in shares.items()) / mass
    return Opinion(level, max(1 - 2 * variance**0.5, 0.0), min(max(shares.values()), 1.0))


async def _sampled(chat: Conversation, data: str, task: str, samples: int) -> Opinion:
    temperature = SAMPLE_TEMPERATURE if samples > 1 else 0.0
    levels = []
    for seed in range(samples):
        answer = await chat.complete([rating_turn(data, task)], Options(8, temperature, seed=seed))
        levels.append(_level(answer.text))
    agreement = min(1 - 2 * pstdev(levels), AGREEMENT_LIMIT) if samples > 1 else LONE_CONFIDENCE
    return Opinion(fmean(levels), max(agreement, 0.0), None)


def _level(text: str) -> float:
    found = re.search(r"(?<![\d.])[1-5](?![\d.]*\d)", text)
    if found is None:
        raise BackendError("its answer is not on the scale", broken_output=True, request_bound=True)
    return LEVELS[found.group()]


def _mean(opinions: Sequence[Opinion], weights: Sequence[int]) -> Opinion:
    known = [o.probability for o in opinions if o.probability is not None]
    return Opinion(
        fmean([o.level for o in opinions], weights),
        fmean([o.confidence for o in opinions], weights),
        fmean(known, weights) if len(known) == len(opinions) else None,
    )
