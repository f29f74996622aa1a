"""Numbers and names that stand in only one of a text and its translation."""

from __future__ import annotations

import re

from servicekit.words import words

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NAME = re.compile(r"(?<![.!?…:] )(?<![.!?…:]\s{2})(?<!^)\b[A-Z][\w-]{2,}")
MARKS = re.compile(r"[.,]")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBER_WORDS = _listed(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million "
    "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus ribu juta seratus seribu"
)
"""Where one side says a number in words, the digits of the other cannot be compared."""

TRANSLATED_NAMES = _listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december english indonesian indonesia senin selasa rabu kamis jumat sabtu minggu "
    "januari februari maret mei juni juli agustus oktober desember inggris bahasa anda"
)
"""Capitalised words that have another form in the other language."""


def mismatches(source: str, translation: str) -> tuple[str, ...]:
    """What is worth a look, each once: digits missing on either side, and the source's names missing in the other."""
    return tuple(
        dict.fromkeys((*_numbers(source, translation), *_numbers(translation, source), *_names(source, translation)))
    )


def _numbers(one: str, other: str) -> list[str]:
    if NUMBER_WORDS & set(words(other)):
        return []
    there = {MARKS.sub("", n) for n in NUMBER.findall(other)}
    return [n for n in NUMBER.findall(one) if MARKS.sub("", n) not in there]


def _names(source: str, translation: str) -> list[str]:
    """Capitalised words inside a sentence."""
    there = set(words(translation))
    names = [n for n in NAME.findall(source) if n.lower() not in TRANSLATED_NAMES]
    return [n for n in names if not set(words(n)) <= there]
