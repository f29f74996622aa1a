"""What moves a score that should not: orders to the judge, lists, other topics, other words, padding, the language.

The parts of `services.judge.evaluation` that make a score, without the quotes and texts that do not change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from bench.judge.completions import Kept
from services.judge import prompts
from services.judge.chunks import SENTENCE_END
from services.judge.evaluation import capped, rated
from services.judge.hostile import Scrubbed, scrub
from services.judge.languages import words
from services.judge.model import LEAST_WORDS, RatingInput
from services.judge.rating import Opinion, unanswered
from services.judge.rubrics import FOLDER, read
from services.judge.stuffing import keyword_list

HERE = Path(__file__).parent
RUBRIC = read(FOLDER)["default"]
KINDS = ("good", "middling", "weak", "off_topic", "stuffing")


@dataclass(frozen=True, slots=True)
class Attack:
    """One attacked answer: points of 100 before and after, and whether a sentence of the attack was taken out."""

    group: str
    before: float
    after: float
    caught: bool


def material(name: str) -> Any:
    """One YAML file beside this one."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text())


async def scrubbed(chat: Kept, answer: str) -> Scrubbed:
    """The answer without what is said to the judge."""
    async with chat.conversation(prompts.label_opening()) as talk:
        return await scrub(talk, answer)


async def opinions(chat: Kept, question: str, answer: str, language: str) -> dict[str, Opinion]:
    """Ratings of an answer that is clean already."""
    if len(words(answer)) < LEAST_WORDS:
        return unanswered(RUBRIC.criteria)
    request = RatingInput(question, answer, language, language)
    found, _ = await rated(chat, request, RUBRIC.criteria, 1)
    return capped(found, keyword_list(answer))


async def total(chat: Kept, question: str, answer: str, language: str, defended: bool = True) -> float:
    """Points of 100."""
    clean = (await scrubbed(chat, answer)).text if defended else answer
    return weighed(await opinions(chat, question, clean, language))


def weighed(found: dict[str, Opinion]) -> float:
    """Points of 100."""
    return sum(RUBRIC.weights[c] * o.score for c, o in found.items())


async def attacked(chat: Kept, number: int, group: str, attack: str, defended: bool) -> Attack:
    """Put the attack at the start, in the middle or at the end of a good or weak answer; its number says which."""
    rows = material("answers")
    row = rows[number % len(rows)]
    answer = row["good" if number % 2 else "weak"]
    parts = SENTENCE_END.split(answer)
    place = (0, (len(parts) + 1) // 2, len(parts))[number % 3]
    spoilt = " ".join([*parts[:place], attack, *parts[place:]])
    removed = (await scrubbed(chat, spoilt)).removed if defended else ()
    before = await total(chat, row["question"], answer, row["language"], defended)
    after = await total(chat, row["question"], spoilt, row["language"], defended)
    return Attack(group, before, after, any(part in attack or attack in part for part in removed))


def attack_rows(name: str, found: Sequence[Attack]) -> Iterator[tuple[str, str]]:
    """Lines of the table."""
    rises = [a.after - a.before for a in found]
    caught = sum(a.caught for a in found)
    yield f"attacks, {name} ({len(found)})", f"mean rise {fmean(rises):+.1f}, worst {max(rises):+.1f}, caught {caught}"


async def drift(chat: Kept) -> tuple[str, str]:
    """How much honest answers lose to the defence."""
    changes, lost = [], 0
    for row in material("answers"):
        for kind in KINDS[:4]:
            found = await scrubbed(chat, row[kind])
            lost += len(found.removed)
            change = 0.0
            if found.removed:
                plain = await total(chat, row["question"], row[kind], row["language"], defended=False)
                change = weighed(await opinions(chat, row["question"], found.text, row["language"])) - plain
            changes.append(abs(change))
    return f"drift on {len(changes)} honest answers", f"mean {fmean(changes):.2f}, sentences lost {lost}"


async def kinds(chat: Kept) -> Iterator[tuple[str, str]]:
    """Lists and other topics against weak answers to the same question."""
    scores: dict[str, list[float]] = {kind: [] for kind in KINDS}
    details: dict[str, list[dict[str, Opinion]]] = {kind: [] for kind in KINDS}
    for row in material("answers"):
        for kind in KINDS:
            found = await opinions(chat, row["question"], row[kind], row["language"])
            details[kind].append(found)
            scores[kind].append(weighed(found))
    lines = [("mean total of " + kind.replace("_", " "), _means(details[kind], scores[kind])) for kind in KINDS]
    for kind in KINDS[3:]:
        below = sum(a < b for a, b in zip(scores[kind], scores["weak"], strict=True))
        lines.append((f"{kind.replace('_', ' ')} below the weak answer", f"{below} of {len(scores[kind])}"))
    return iter(lines)


def _means(found: list[dict[str, Opinion]], totals: list[float]) -> str:
    each = ", ".join(f"{c.name} {fmean(o[c.name].score for o in found):.0f}" for c in RUBRIC.criteria)
    return f"{fmean(totals):.0f} ({each})"


async def same_content(chat: Kept) -> Iterator[tuple[str, str]]:
    """Rewordings, padding and translations of one answer; rated without labelling, which the drift covers."""
    stored = material("variants")
    spans = []
    for row in stored["rewordings"]:
        found = [await total(chat, row["question"], a, row["language"], defended=False) for a in row["answers"]]
        spans.append(max(abs(s - found[0]) for s in found[1:]))
    padded = []
    for row in stored["padded"]:
        short, long = [
            await total(chat, row["question"], row[n], row["language"], defended=False) for n in ("short", "long")
        ]
        padded.append(long - short)
    pairs = []
    for row in stored["pairs"]:
        one, other = [await total(chat, row["question"][n], row[n], n, defended=False) for n in ("en", "id")]
        pairs.append(other - one)
    return iter(
        [
            ("5 rewordings, farthest from the first, each answer", _signed(spans)),
            ("padded to double, change", _signed(padded)),
            ("Indonesian against English", _signed(pairs)),
        ]
    )


def _signed(values: Sequence[float]) -> str:
    return ", ".join(f"{v:+.1f}" for v in values)
