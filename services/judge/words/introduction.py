"""An answer without the sentence that says somebody's name: names move scores by up to a point, and say nothing.

Only a whole sentence at the beginning is left out, with the greeting before it, so that every quote stands in the
transcript as it is. What `make bench-fairness` measures of names is therefore 0 where people introduce themselves so.
"""

from __future__ import annotations

import re

from servicekit.words import LEAST_SCORED_WORDS, words

_GREETING = (
    r"(?:(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|halo|hai|selamat (?:pagi|siang|sore|malam)|perkenalkan|"
    r"assalamu['’]?\s?alaikum(?: w\w+ w\w+)?|shalom|om swastiastu|namo buddhaya)"
    r"(?: everyone| all| semua(?:nya)?)?[,.!]?\s+)"
)
_SAYS = r"(?:my (?:full )?name(?: is|['’]s)|nama (?:lengkap )?saya(?: adalah)?)\s+"
_PART = r"(?:[A-Z][\w'’-]*\.?|bin|binti|van|de|der|al|da|dos|la)"
LEFT_OUT = re.compile(rf"\s*(?i:{_GREETING}{{0,3}}{_SAYS}){_PART}(?:\s{_PART}){{0,4}}[.!]\s+")


def without_introduction(text: str) -> str:
    """The text from the second sentence on where the first one says a name and no more; else as it is."""
    found = LEFT_OUT.match(text)
    rest = text[found.end() :] if found else ""
    return rest if len(words(rest)) >= LEAST_SCORED_WORDS else text
