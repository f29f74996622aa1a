"""Does a text about scores only state numbers that are among them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import fmean

from servicekit.scores.rounding import whole
from services.judge.model import RatedAnswer

NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?(?![\w])")
SHORTEST_SUMMARY_WORDS, LONGEST_SUMMARY_WORDS = 120, 230
"""A summary is asked for with 150 to 200 words; models count badly."""


def invented(text: str, answers: Sequence[RatedAnswer]) -> tuple[str, ...]:
    """Numbers of the text that are no score, no mean, no count and no part of a question or analysis."""
    known = _known(answers)
    return tuple(n for n in NUMBER.findall(text) if n not in known and _rounded(n) not in known)


def fits(text: str) -> bool:
    """Whether the text has about the length asked for."""
    return SHORTEST_SUMMARY_WORDS <= len(text.split()) <= LONGEST_SUMMARY_WORDS


def _known(answers: Sequence[RatedAnswer]) -> set[str]:
    values = [a.total for a in answers] + [r.score for a in answers for r in a.ratings]
    values.append(fmean(a.total for a in answers))
    for criterion in {r.criterion for a in answers for r in a.ratings}:
        values.append(fmean(r.score for a in answers for r in a.ratings if r.criterion == criterion))
    said = {n for a in answers for n in NUMBER.findall(f"{a.question} {' '.join(r.quote for r in a.ratings)}")}
    return {str(whole(v)) for v in values} | {str(n) for n in range(len(answers) + 1)} | {"100"} | said


def _rounded(number: str) -> str:
    return str(round(float(number.replace(",", "."))))
