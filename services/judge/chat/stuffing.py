"""Lists of keywords that no sentence holds together."""

from __future__ import annotations

from servicekit.words import words
from services.judge.words.languages import FUNCTION_WORDS

SHORTEST_LIST_WORDS = 12
"""Shorter answers may be a list with good reason."""

LEAST_SHARE = 0.12
"""Share of function words from which a text is speech. Spoken answers of both languages have .25 to .5 of the words
counted here, lists of terms 0 to .08 (own material, bench/judge/answers.yaml)."""


def keyword_list(text: str) -> bool:
    """Whether the text is a list of terms instead of speech."""
    found = words(text)
    common = FUNCTION_WORDS["en"] | FUNCTION_WORDS["id"]
    return len(found) >= SHORTEST_LIST_WORDS and sum(w in common for w in found) / len(found) < LEAST_SHARE
