"""The last resort when no language model can be asked: no score, and a text that says so."""

from __future__ import annotations

from servicekit.wire import Model
from services.judge.chat.evaluator import TEMPLATE, mean_confidence
from services.judge.model import Evaluation, RatingInput, Rubric, Summary, SummaryInput, Unscored, Work
from services.judge.words import explanation, sentences

MODEL = Model("no-model", "1", runtime="rules")


class Rules:
    """An `Evaluator` without a model: it never fails and never scores. A number of words says nothing of an answer."""

    name = "rules"

    async def load(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def evaluate(self, request: RatingInput, rubric: Rubric) -> Evaluation:
        """Say that a person has to rate it."""
        text = explanation.unscored("no_model", request.analysis_language)
        return Evaluation(
            (),
            0.0,
            0.0,
            None,
            text,
            Work(self.name, MODEL),
            rubric=rubric.name,
            rubric_sha256=rubric.sha256,
            unscored=Unscored("no_model", text),
        )

    async def summarize(self, request: SummaryInput) -> Summary:
        """Fill sentences from the scores."""
        confidence = mean_confidence(request)
        return Summary(sentences.summary(request.answers, confidence, request.language), confidence, TEMPLATE)
