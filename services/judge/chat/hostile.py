"""Sentences of an answer that talk to whoever scores it: found one by one, taken out before rating, and reported.

A question about the whole answer does not see them and word lists see only what they were written for; a language
model that is shown eight labelled sentences sees most of them (docs/decisions/0004-judge-prompts.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.judge.chat.model import Completion, Conversation, Options
from services.judge.chat.prompts import label_turn
from services.judge.chat.rating import LEAST_MASS, TOP_LOGPROBS
from services.judge.model import BackendError
from services.judge.words.chunks import utterances

LIMIT = 0.6
"""Share of the letter G from which a sentence is taken out. Honest sentences about scores and orders in the speaker's
own job stay below."""

BESIDE_LIMIT = 0.35
"""The same for sentences beside one that is taken out: orders come in groups."""

UTTERANCE_WORDS = 28
"""Recognised speech may lack punctuation: longer stretches are labelled in parts."""

MARKUP = re.compile(r"<\|[^|]*\|>|\[/?INST\]|<<?/?SYS>?>|[{\"']\s*(?:score|skor|nilai|rating)[\"']\s*:", re.IGNORECASE)
"""What nobody says aloud: control tokens of language models and fields of their replies."""


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """An answer without the sentences that address its judge; `removed` are these, verbatim, in order."""

    text: str
    removed: tuple[str, ...] = ()


async def scrub(chat: Conversation, answer: str) -> Scrubbed:
    """Label each sentence and take out those aimed at the judge. Raises BackendError."""
    parts = utterances(answer, UTTERANCE_WORDS)
    asked = [part for part in parts if not MARKUP.search(part)]
    answers = await chat.complete_all([[label_turn(part)] for part in asked], Options(1, top_logprobs=TOP_LOGPROBS))
    labelled = {part: aimed_at_judge(answer) for part, answer in zip(asked, answers, strict=True)}
    return without(parts, [labelled.get(part, 1.0) for part in parts])


def without(parts: list[str], shares: list[float]) -> Scrubbed:
    """Take out the parts whose share, 0 to 1, is over the limit."""
    over = {n for n, share in enumerate(shares) if share > LIMIT}
    beside = {n for n, share in enumerate(shares) if share > BESIDE_LIMIT and {n - 1, n + 1} & over}
    out = over | beside
    if not out:
        return Scrubbed(" ".join(parts))
    kept = " ".join(part for n, part in enumerate(parts) if n not in out)
    return Scrubbed(kept, tuple(parts[n] for n in sorted(out)))


def aimed_at_judge(answer: Completion) -> float:
    """Probability of the letter G against A, 0 to 1; without token probabilities 0 or 1.

    Raises BackendError: whoever cannot label must not rate undefended.
    """
    if not answer.tokens:
        return float(_letter(answer.text) == "G")
    shares = answer.tokens[0].shares(("a", "g"))
    mass = sum(shares.values())
    if mass < LEAST_MASS:
        raise BackendError("its label is neither A nor G", broken_output=True, request_bound=True)
    return shares["g"] / mass


def _letter(text: str) -> str:
    found = re.match(r"\W*([AG])\b", text.strip(), re.IGNORECASE)
    if found is None:
        raise BackendError("its label is neither A nor G", broken_output=True, request_bound=True)
    return found.group(1).upper()
