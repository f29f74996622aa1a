"""The last resort: scores from the number of words. It says so in every text."""

from __future__ import annotations

from statistics import fmean

from servicekit.wire import Model
from services.judge import sentences
from services.judge.evaluation import TEMPLATE, mean_confidence
from services.judge.languages import words
from services.judge.model import CRITERIA, Evaluation, Rating, RatingInput, Rubric, Summary, SummaryInput, Work

TABLE = (
    (100, (75, 70, 70), 0.60),
    (50, (65, 65, 65), 0.55),
    (20, (55, 55, 55), 0.50),
    (-1, (40, 35, 35), 0.50),
)
"""More words than this: quality, coherence, relevance, and confidence. The original system's fallback."""

MODEL = Model("word-count-rules", "1", runtime="rules")


class Rules:
    """An `Evaluator` without a model."""

    name = "rules"

    async def load(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def evaluate(self, request: RatingInput, rubric: Rubric) -> Evaluation:
        """Look the scores up; further criteria of the rubric stay unrated. Never fails."""
        count = len(words(request.answer))
        scores, confidence = next((scores, confidence) for least, scores, confidence in TABLE if count > least)
        ratings = tuple(Rating(c, float(s)) for c, s in zip(CRITERIA, scores, strict=True))
        text = sentences.rules_analysis(count, request.analysis_language)
        work = Work(self.name, MODEL)
        return Evaluation(
            ratings, fmean(scores), confidence, None, text, work, rubric=rubric.name, rubric_sha256=rubric.sha256
        )

    async def summarize(self, request: SummaryInput) -> Summary:
        """Fill sentences from the scores. Never fails."""
        confidence = mean_confidence(request)
        return Summary(sentences.summary(request.answers, confidence, request.language), confidence, TEMPLATE)
