"""The stretch of each of two answers that is nearly the same."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from orchestrator.evidence import Transcript, Word
from orchestrator.similarity.shingles import RUN, runs, tokens

ALIKE, DIFFERENT = 1.0, -0.7
"""What a word is worth in a stretch; a few other words do not end it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an answer, verbatim; seconds from the beginning of the recording."""

    quote: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """An answer's words, each with the spoken word that it is part of."""

    words: tuple[str, ...]
    spoken: tuple[Word, ...]

    @classmethod
    def of(cls, transcript: Transcript | None) -> Spoken:
        """Of a transcript; nothing where there is none."""
        heard = [word for segment in transcript.segments for word in segment.words] if transcript else []
        found = [(piece, word) for word in heard for piece in tokens(word.text)]
        return cls(tuple(piece for piece, _ in found), tuple(word for _, word in found))

    def hashes(self) -> list[int]:
        """Of each run, in order."""
        return runs(self.words)

    def passage(self, start: int, end: int) -> Passage:
        """From a word to before another."""
        said = list(dict.fromkeys(self.spoken[start:end]))
        quote = " ".join(word.text.strip() for word in said)
        return Passage(quote, said[0].span.start_s, said[-1].span.end_s)


def passages(one: Spoken, other: Spoken) -> tuple[Passage, Passage]:
    """What both say, as each says it. They share a run."""
    start, end = _stretch(one, frozenset(other.hashes()))
    inside = frozenset(one.hashes()[start : end - RUN + 1])
    return one.passage(start, end), other.passage(*_stretch(other, inside))


def _stretch(spoken: Spoken, shared: Set[int]) -> tuple[int, int]:
    """The stretch with most words of shared runs and fewest others: the largest sum of neighbours."""
    alike = [False] * len(spoken.words)
    for at, run in enumerate(spoken.hashes()):
        if run in shared:
            alike[at : at + RUN] = [True] * RUN
    best, found, total, start = 0.0, (0, len(alike)), 0.0, 0
    for at, same in enumerate(alike):
        if total <= 0:
            total, start = 0.0, at
        total += ALIKE if same else DIFFERENT
        if total > best:
            best, found = total, (start, at + 1)
    return found
