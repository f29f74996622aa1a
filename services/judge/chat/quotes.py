"""Which of the answer's own clauses a rating rests on: always verbatim, or nothing."""

from __future__ import annotations

import re
from string import ascii_uppercase

from servicekit.words import words
from services.judge.chat.model import Completion, Conversation, Options
from services.judge.chat.prompts import QUOTE_TASKS, quote_data, rating_turn
from services.judge.chat.rating import TOP_LOGPROBS
from services.judge.model import RatingInput
from services.judge.words.chunks import clauses

MOST_CLAUSES = 6
"""Each clause is read once more: nine of them took a third of the rating's time."""

CLAUSE_WORDS = (4, 18)
"""Shorter ones say nothing, longer ones are no quote."""

CLEAR_CHOICE = 1.3
"""A letter must be so many times likelier than by chance, or there is no quote. Chosen by us."""


async def choose(chat: Conversation, request: RatingInput) -> dict[str, str]:
    """A clause of the answer for each criterion that has one: coherence rests on the whole. Raises BackendError."""
    found = candidates(request.answer)
    if len(found) < 2:
        return {criterion: clause for criterion in QUOTE_TASKS for clause in found}
    lettered = dict(zip(ascii_uppercase, found, strict=False))
    data = quote_data(request.question, lettered)
    chosen = {}
    for criterion, task in QUOTE_TASKS.items():
        answer = await chat.complete([rating_turn(data, task)], Options(1, top_logprobs=TOP_LOGPROBS))
        chosen[criterion] = lettered.get(letter(answer, list(lettered)), "")
    return chosen


def candidates(answer: str) -> list[str]:
    """The clauses that say most, in their order: those with the most different words of five letters and more."""
    found = list(dict.fromkeys(clauses(answer, *CLAUSE_WORDS)))
    ranked = sorted(found, key=lambda c: -len({w for w in words(c) if len(w) >= 5}))
    kept = set(ranked[:MOST_CLAUSES])
    return [c for c in found if c in kept]


def letter(answer: Completion, letters: list[str]) -> str:
    """The letter chosen, or nothing when none stands out."""
    if not answer.tokens:
        found = re.match(r"\W*([A-Z])\b", answer.text.strip())
        return found.group(1) if found else ""
    shares = answer.tokens[0].shares([name.lower() for name in letters])
    best = max(shares, key=lambda name: shares[name])
    return best.upper() if shares[best] * len(letters) >= CLEAR_CHOICE else ""
