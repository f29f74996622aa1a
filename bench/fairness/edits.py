"""Answers said otherwise: the same content with another name, more doubt, fillers, other words, recognition errors."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

EVERY_WORDS = 12
"""One hedge or filler in so many words."""

KINDS = ("name", "culture", "hedges", "fillers", "colloquial", "recognition")
RATES = (0.1, 0.2, 0.3)
DROPPED, ADDED = 0.25, 0.15
"""Shares of recognition errors that lose a word or hear one too many; the rest hear another word."""

Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Variant:
    """An edit of answers in a language, and the group of edits that it is compared in."""

    kind: str
    name: str
    edit: Edit


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """What is put into answers."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
    return found


def variants(language: str, vocabulary: Sequence[str]) -> Iterator[Variant]:
    """Every edit of answers in a language; `vocabulary`: the words that may be heard instead."""
    known = words()
    for culture, people in known["people"].items():
        for person in people:
            opening = known["names"][language].format(name=person)
            yield Variant("name", culture, lambda text, opening=opening: opening + text)  # type: ignore[misc]
    for culture, sentence in known["cultures"][language].items():
        yield Variant("culture", culture, lambda text, more=sentence: f"{text} {more}".strip())  # type: ignore[misc]
    for kind in ("hedges", "fillers"):
        yield Variant(kind, kind, lambda text, put=known[kind][language]: sprinkled(text, put))  # type: ignore[misc]
    yield Variant("colloquial", "colloquial", lambda text: replaced(text, known["colloquial"][language]))
    for rate in RATES:
        name = f"WER {rate:.0%}"
        yield Variant("recognition", name, lambda text, rate=rate: misheard(text, rate, vocabulary))  # type: ignore[misc]


def sprinkled(text: str, put: Sequence[str]) -> str:
    """One of these, in turn, before every twelfth word and the second."""
    found = list[str]()
    for place, word in enumerate(text.split()):
        if place % EVERY_WORDS == 1:
            found.append(put[place // EVERY_WORDS % len(put)])
        found.append(word)
    return " ".join(found)


def replaced(text: str, instead: dict[str, str]) -> str:
    """Words and pairs of words said as people say them among friends."""
    for word, other in instead.items():
        text = re.sub(rf"\b{re.escape(word)}\b", other, text, flags=re.IGNORECASE)
    return text


def misheard(text: str, rate: float, vocabulary: Sequence[str]) -> str:
    """The text with so large a share of its words wrong: others that look alike, some lost, some heard twice."""
    chance, found = random.Random(f"{rate} {text}"), list[str]()
    spoken = text.split()
    wrong = set(chance.sample(range(len(spoken)), round(rate * len(spoken))))
    for place, word in enumerate(spoken):
        if place not in wrong:
            found.append(word)
            continue
        kind = chance.random()
        if kind < DROPPED:
            continue
        if kind < DROPPED + ADDED:
            found += [word, chance.choice(vocabulary)]
        else:
            found.append(_alike(word, vocabulary, chance))
    return " ".join(found)


def _alike(word: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    near = [w for w in difflib.get_close_matches(word.lower(), vocabulary, 4, 0.5) if w != word.lower().strip(".,")]
    return chance.choice(near or vocabulary)
