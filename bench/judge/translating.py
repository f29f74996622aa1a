"""Translation from Indonesian to English by the embedded model, compared with a person's by chrF."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from services.judge.chat.model import ChatBackend
from services.judge.chat.translation import ChatTranslator
from services.judge.memory import Memory
from services.judge.model import BackendError, TranslationInput

SENTENCES = 25
LONGEST_NGRAM, BETA = 6, 2
"""Popović 2015: characters without spaces, n-grams up to 6, recall counts twice."""


async def rows(chat: ChatBackend) -> list[tuple[str, str]]:
    """chrF over the first sentences; says so where there is no material."""
    path = Path(os.environ.get("BENCH_DATA", "")) / "translation" / "nusax_valid_id_en.jsonl"
    if not path.is_file():
        return [("translation", "left out: BENCH_DATA names no folder with translation")]
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:SENTENCES]]
    translated = [await _translated(chat, pair["id"]) for pair in pairs]
    score, lost = chrf(translated, [pair["en"] for pair in pairs]), translated.count("")
    return [("translation Indonesian to English", f"chrF {score:.1f} on {len(pairs)} sentences, {lost} not translated")]


async def _translated(chat: ChatBackend, text: str) -> str:
    try:
        return (await ChatTranslator(chat, Memory(0, 0.0)).translate(TranslationInput(text, "id", "en"))).text
    except BackendError:
        return ""


def chrf(found: Sequence[str], truth: Sequence[str]) -> float:
    """Character n-gram F-score of a set of texts, 0 to 100."""
    scores = []
    for size in range(1, LONGEST_NGRAM + 1):
        pairs = [(_ngrams(a, size), _ngrams(b, size)) for a, b in zip(found, truth, strict=True)]
        shared = sum((a & b).total() for a, b in pairs)
        precision = shared / max(1, sum(a.total() for a, _ in pairs))
        recall = shared / max(1, sum(b.total() for _, b in pairs))
        weighed = BETA**2 * precision + recall
        scores.append((1 + BETA**2) * precision * recall / weighed if weighed else 0.0)
    return 100 * sum(scores) / len(scores)


def _ngrams(text: str, size: int) -> Counter[str]:
    letters = "".join(text.split())
    return Counter(letters[i : i + size] for i in range(len(letters) - size + 1))
