"""How much of a text stands in another one too: shared runs of three words, wherever they stand.

A run counts as its hash: a text is kept as a few numbers, and two are compared as sets. Three words in a row survive
changed words around them and moved sentences; two people who answer by themselves share hardly any.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self
from zlib import crc32

RUN = 3
LEAST_RUNS = 16
"""Answers with fewer runs of words are too short to tell anything."""
LEAST_SHARED = 8
LIMIT = 0.25
"""Share of the shorter answer's runs from which two answers are nearly the same (docs/measurements/similarity.md)."""
_WORD = re.compile(r"[^\W_]+")


def tokens(text: str) -> list[str]:
    """Words in lower case, without punctuation and apostrophes."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return _WORD.findall(plain)


def runs(words: Sequence[str]) -> list[int]:
    """The hash of each run of three words, in their order."""
    return [crc32(" ".join(words[at : at + RUN]).encode()) for at in range(len(words) - RUN + 1)]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The different runs of an answer."""

    hashes: frozenset[int]

    @classmethod
    def of(cls, answer: Iterable[str], question: str) -> Self:
        """Of an answer's words, without what the question says itself."""
        return cls(frozenset(runs(list(answer))) - frozenset(runs(tokens(question))))

    @classmethod
    def read(cls, stored: bytes) -> Self:
        """From the form in which it is stored."""
        return cls(frozenset(array("I", stored)))

    def stored(self) -> bytes:
        """Four bytes for each run."""
        return array("I", sorted(self.hashes)).tobytes()

    @property
    def telling(self) -> bool:
        """Whether there is enough of it to be compared."""
        return len(self.hashes) >= LEAST_RUNS

    def shared(self, other: Sketch) -> float:
        """The share of the shorter one's runs that both have, 0 to 1; 0 where too little is there or is shared."""
        if not (self.telling and other.telling):
            return 0.0
        both = len(self.hashes & other.hashes)
        return both / min(len(self.hashes), len(other.hashes)) if both >= LEAST_SHARED else 0.0

    def resembles(self, other: Sketch) -> bool:
        """Whether the two are nearly the same answer."""
        return self.shared(other) >= LIMIT
