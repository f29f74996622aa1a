"""Cutting spoken text: into passages a model can take at once, and into clauses that can be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
CLAUSE_END = re.compile(r"(?<=[.!?…,;:])\s+")
LETTERS_A_WORD = 12
"""A passage of n words holds at most so many times n characters, whatever it is made of."""


def passages(text: str, words: int) -> list[str]:
    """Cut into passages of at most `words` words, at ends of sentences where there are some.

    Joined with spaces they give the text again, but for its white space.
    """
    found: list[str] = []
    size = 0
    for piece in _pieces(text, words):
        count = len(piece.split())
        if found and size + count <= words and len(found[-1]) + len(piece) < words * LETTERS_A_WORD:
            found[-1], size = f"{found[-1]} {piece}", size + count
        else:
            found.append(piece)
            size = count
    return found


def utterances(text: str, words: int) -> list[str]:
    """Sentences; those of more than `words` words are cut at commas, else between words. Joined they are the text."""
    found: list[str] = []
    for sentence in SENTENCE_END.split(text):
        parts = CLAUSE_END.split(sentence) if len(sentence.split()) > words else [sentence]
        found += [piece for part in parts for piece in _pieces(part, words) if piece]
    return found


def clauses(text: str, least_words: int, most_words: int) -> list[str]:
    """Parts of the text, verbatim, between two marks of punctuation; long ones are cut between words."""
    found = []
    for part in CLAUSE_END.split(text):
        for match in re.finditer(rf"(?:\S+\s+){{0,{most_words - 1}}}\S+", part):
            clause = match.group().strip(" ,;:")
            if len(clause.split()) >= least_words:
                found.append(clause)
    return found


def _pieces(text: str, words: int) -> Iterator[str]:
    """Sentences, cut where they are too long: recognised speech may lack punctuation."""
    for sentence in SENTENCE_END.split(text):
        tokens = [part for token in sentence.split() for part in _cut(token, words * LETTERS_A_WORD)]
        parts = -(-len(tokens) // words)
        size = -(-len(tokens) // parts) if parts else 1
        for start in range(0, len(tokens), size):
            yield from _cut(" ".join(tokens[start : start + size]), words * LETTERS_A_WORD)


def _cut(text: str, length: int) -> Iterator[str]:
    for start in range(0, len(text), length):
        yield text[start : start + length].strip()
