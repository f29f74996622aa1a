"""Rating and summing up by a language model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from statistics import fmean

from servicekit.wire import Model
from services.judge import prompts, quotes, sentences
from services.judge.chat import ChatBackend, Counted, Message, Options
from services.judge.languages import other_language
from services.judge.model import BackendError, Evaluation, Rating, RatingInput, Summary, SummaryInput, Work
from services.judge.rating import rate

TEXT_TOKENS = 400
"""Room for 150 words of Indonesian."""

LEAST_WORDS = 15
"""Less is no analysis: the sentences are used instead."""

TEMPLATE = Work("rules", Model("sentences", "1", runtime="rules"))
"""Who writes a summary that is filled from scores and quotes."""


class ChatEvaluator:
    """An `Evaluator` on a language model."""

    def __init__(self, chat: ChatBackend, samples: int) -> None:
        """Share the model with others. `samples`: see the settings."""
        self.name, self._chat, self._samples = chat.name, chat, samples

    async def load(self) -> None:
        """Load the model and let it read what every rating begins with."""
        await self._chat.load()
        async with self._chat.conversation(prompts.rating_opening()):
            pass

    async def close(self) -> None:
        """Free the model, if nobody has."""
        await self._chat.close()

    async def evaluate(self, request: RatingInput) -> Evaluation:
        """See `Evaluator.evaluate`."""
        traits = self._chat.traits
        async with self._chat.conversation(prompts.rating_opening()) as chat:
            counted = Counted(chat)
            opinions = await rate(counted, request, traits.rating_words, self._samples)
            chosen = await quotes.choose(counted, request)
        probabilities = [o.probability for o in opinions.values() if o.probability is not None]
        with_logprobs = len(probabilities) == len(opinions)
        ratings = tuple(
            Rating(c, o.score, o.confidence if o.probability is not None else None, chosen.get(c, ""))
            for c, o in opinions.items()
        )
        total, confidence = fmean(r.score for r in ratings), fmean(o.confidence for o in opinions.values())
        text, more = await self._analysis(request, ratings, total, confidence)
        work = self._work(counted.input_tokens + more.input_tokens, counted.output_tokens + more.output_tokens)
        return Evaluation(ratings, total, confidence, fmean(probabilities) if with_logprobs else None, text, work)

    async def summarize(self, request: SummaryInput) -> Summary:
        """See `Evaluator.summarize`."""
        confidence = mean_confidence(request)
        if self._chat.traits.writes:
            data = json.dumps([asdict(a) for a in request.answers], ensure_ascii=False)
            text, work = await self._written(data, prompts.SUMMARY_TASK, request.language)
            if text:
                return Summary(text, confidence, work)
        return Summary(sentences.summary(request.answers, confidence, request.language), confidence, TEMPLATE)

    async def _analysis(
        self, request: RatingInput, ratings: Sequence[Rating], total: float, confidence: float
    ) -> tuple[str, Work]:
        text, work = "", self._work(0, 0)
        if self._chat.traits.writes:
            scores = {r.criterion: round(r.score) for r in ratings}
            data = {"question": request.question, "scores": scores, "candidate_answer": request.answer}
            text, work = await self._written(
                json.dumps(data, ensure_ascii=False), prompts.ANALYSIS_TASK, request.analysis_language
            )
        return text or sentences.analysis(ratings, total, confidence, request.analysis_language), work

    async def _written(self, data: str, task: str, language: str) -> tuple[str, Work]:
        """Free text in `language`; empty when the model failed to write one that can be shown."""
        turn = prompts.rating_turn(data, task.format(language=prompts.LANGUAGES[language]))
        async with self._chat.conversation([Message("system", prompts.ANALYSIS_SYSTEM)]) as chat:
            counted = Counted(chat)
            try:
                answer = await counted.complete([turn], Options(TEXT_TOKENS))
            except BackendError:
                return "", self._work(0, 0)
        text = " ".join(answer.text.split())
        shown = not answer.cut and len(text.split()) >= LEAST_WORDS and not other_language(text, language)
        return text if shown else "", self._work(counted.input_tokens, counted.output_tokens)

    def _work(self, input_tokens: int, output_tokens: int) -> Work:
        return Work(self.name, self._chat.model, prompts.version(), input_tokens, output_tokens)


def mean_confidence(request: SummaryInput) -> float | None:
    """Mean confidence of the answers that have one, 0 to 1."""
    known = [a.confidence for a in request.answers if a.confidence is not None]
    return fmean(known) if known else None
