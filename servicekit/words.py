"""How words are counted, so that an answer long enough for one part of the system is long enough for the next."""

from __future__ import annotations

import re

LEAST_SCORED_WORDS = 5
"""Answers of fewer words are not scored."""


def words(text: str) -> list[str]:
    """The words in lower case, without marks; a dash between blanks is none."""
    return re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", text.lower())
