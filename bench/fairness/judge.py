"""How far the judge's total changes with what says nothing about an answer."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol

from bench.fairness.edits import KINDS, Variant, variants
from bench.fairness.figures import change

LEAST_WORDS = 25
SPREAD = 20
"""Answers are taken this far apart, so that fewer of them are some of more of them."""
LANGUAGES = {"en": "English", "id": "Indonesian"}
AMONG = ("name", "culture")
"""Kinds that say something of somebody, beside the point whatever they say: compared with the mean of their kind."""

SKIPPED = ("list", "attack", "wrong")
"""Kinds of answers that no candidate gives by way of speaking."""


class Rated(Protocol):
    """What is read of a rating."""

    @property
    def total(self) -> float: ...


class Rater(Protocol):
    """The judge: the embedded one, or a double."""

    async def rate(self, question: str, answer: str, language: str, reference: str = "") -> Rated: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and what somebody said to it."""

    question: str
    text: str
    language: str
    reference: str = ""


def chosen(path: Path, most: int) -> list[Answer]:
    """Up to so many answers in each language, spread over the questions, from a file of JSON lines."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = list[Answer]()
    for language in LANGUAGES:
        fitting = [row for row in rows if row["lang"] == language and _usable(row)]
        step = max(1, len(fitting) // max(most, SPREAD))
        found += [
            Answer(row["question"], row["answer"], language, row.get("reference", "")) for row in fitting[::step][:most]
        ]
    return found


def _usable(row: Mapping[str, Any]) -> bool:
    return row.get("kind") not in SKIPPED and len(row["answer"].split()) >= LEAST_WORDS


def vocabulary(answers: Iterable[Answer], language: str) -> list[str]:
    """Every word of the answers in a language."""
    return sorted({w for a in answers if a.language == language for w in re.findall(r"[^\W\d_]+", a.text.lower())})


async def rows(rater: Rater, answers: Sequence[Answer], kinds: Sequence[str] = KINDS) -> AsyncIterator[str]:
    """Lines of the table, of these kinds of edits.

    Names and cultures are compared with the mean of all of them, all else with the answer.
    """
    for language, called in LANGUAGES.items():
        spoken = [answer for answer in answers if answer.language == language]
        heard = vocabulary(answers, language)
        changes: dict[tuple[str, str], list[float]] = defaultdict(list)
        for answer in spoken:
            for key, difference in (
                await _changes(rater, answer, [v for v in variants(language, heard) if v.kind in kinds])
            ).items():
                changes[key].append(difference)
        for (kind, name), differences in changes.items():
            shown = name if kind == name else f"{kind}: {name}"
            yield change(differences).row(f"{called}, {shown}")


async def _changes(rater: Rater, answer: Answer, edits: Sequence[Variant]) -> dict[tuple[str, str], float]:
    before = (await rater.rate(answer.question, answer.text, answer.language, answer.reference)).total
    totals: dict[tuple[str, str], list[float]] = defaultdict(list)
    for variant in edits:
        said = variant.edit(answer.text)
        if said == answer.text:
            continue  # nothing to say otherwise
        rated = await rater.rate(answer.question, said, answer.language, answer.reference)
        totals[variant.kind, variant.name].append(rated.total)
    means = {key: fmean(found) for key, found in totals.items()}
    middles = {kind: fmean([mean for (k, _), mean in means.items() if k == kind] or [before]) for kind in AMONG}
    return {key: mean - middles.get(key[0], before) for key, mean in means.items()}
