"""Ratings of the embedded judge, kept on disk under the hash of what was asked: a bench that can be resumed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from services.judge.learned.evaluator import HeadEvaluator, stored_head
from services.judge.llama.backend import LlamaCpp
from services.judge.model import RatingInput
from services.judge.rubrics import FOLDER, read
from services.judge.settings import Settings

READING = 2
"""Raised when the judge reads answers otherwise with the same head: ratings of before are then made anew."""

RUBRIC = read(FOLDER)["default"]


@dataclass(frozen=True, slots=True)
class Rated:
    """Scores 1 to 100 by criterion and in all, whether a person would have to rate, and sentences left out."""

    scores: dict[str, float]
    total: float
    by_hand: bool
    removed: tuple[str, ...]


class Ratings:
    """Rates each answer once."""

    def __init__(self, folder: Path) -> None:
        """Keep one file for each answer in `folder`."""
        self.llama, self._folder = LlamaCpp(Settings()), folder
        self._judge = HeadEvaluator(self.llama, stored_head())
        folder.mkdir(parents=True, exist_ok=True)

    async def load(self) -> None:
        """Load the model."""
        await self.llama.load()
        await self.llama.prepare()

    async def close(self) -> None:
        """Free the model."""
        await self.llama.close()

    async def rate(self, question: str, answer: str, language: str, reference: str = "") -> Rated:
        """The rating, also of an answer that a person would have to rate."""
        asked = json.dumps([READING, stored_head().sha256, question, answer, language, reference], ensure_ascii=False)
        path = self._folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:32]}.json"
        if not path.exists():
            request = RatingInput(question, answer, language, language, reference)
            ratings, total, unscored, removed = await self._judge.rated(request, RUBRIC)
            found = {r.criterion: r.score for r in ratings}
            path.write_text(json.dumps([found, total, unscored is not None, removed]))
        scores, total, by_hand, removed = json.loads(path.read_text())
        return Rated(scores, total, by_hand, tuple(removed))
