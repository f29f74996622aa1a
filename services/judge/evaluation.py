"""Rating and summing up by a language model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from statistics import fmean

from servicekit.wire import Model
from services.judge import grounding, prompts, quotes, sentences
from services.judge.chat import ChatBackend, Counted, Message, Options
from services.judge.hostile import Scrubbed, scrub
from services.judge.languages import other_language, words
from services.judge.model import (
    LEAST_WORDS,
    BackendError,
    Criterion,
    Evaluation,
    Flag,
    Rating,
    RatingInput,
    Rubric,
    Summary,
    SummaryInput,
    Work,
)
from services.judge.rating import Opinion, rate, unanswered, with_reference
from services.judge.stuffing import MOST_LEVEL, keyword_list

TEXT_TOKENS = 400
"""Room for 150 words of Indonesian."""

SHORTEST_ANALYSIS = 15
"""Less is no analysis: the sentences are used instead."""

DROPPED_QUOTE = 0.8
"""What is left of a confidence whose citation does not stand. Chosen by us."""

QUOTED_WORDS = 20
"""Enough of a list of keywords to recognise it."""

Tokens = tuple[int, int]
"""Read and written."""

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
        for opening in (prompts.label_opening(), prompts.rating_opening(), prompts.relevance_opening()):
            async with self._chat.conversation(opening):
                pass

    async def close(self) -> None:
        """Free the model, if nobody has."""
        await self._chat.close()

    async def evaluate(self, request: RatingInput, rubric: Rubric) -> Evaluation:
        """See `Evaluator.evaluate`. Sentences that address the judge are taken out first and reported."""
        scrubbed, labelling = await self._scrubbed(request.answer)
        clean = replace(request, answer=scrubbed.text)
        opinions, chosen, rating = await self._rated(clean, rubric)
        cited = {c: cite(chosen[c], request.answer) for c in chosen}
        opinions = capped(doubted(opinions, cited), keyword_list(scrubbed.text))
        ratings = tuple(_rating(c, o, cited.get(c) or "") for c, o in opinions.items())
        total = sum(rubric.weights[r.criterion] * r.score for r in ratings)
        confidence = sum(rubric.weights[c] * o.confidence for c, o in opinions.items())
        text, more = await self._analysis(clean, ratings, total, confidence)
        probabilities = [o.probability for o in opinions.values() if o.probability is not None]
        return Evaluation(
            ratings,
            total,
            confidence,
            fmean(probabilities) if len(probabilities) == len(opinions) else None,
            text,
            self._work(labelling, rating, more),
            _flags(scrubbed),
            rubric.name,
            rubric.sha256,
            0 if probabilities else self._samples,
        )

    async def summarize(self, request: SummaryInput) -> Summary:
        """See `Evaluator.summarize`."""
        confidence = mean_confidence(request)
        if self._chat.traits.writes:
            data = json.dumps([asdict(a) for a in request.answers], ensure_ascii=False)
            text, tokens = await self._written(data, prompts.SUMMARY_TASK, request.language)
            if grounding.fits(text) and not grounding.invented(text, request.answers):
                return Summary(text, confidence, self._work(tokens))
        return Summary(sentences.summary(request.answers, confidence, request.language), confidence, TEMPLATE)

    async def _scrubbed(self, answer: str) -> tuple[Scrubbed, Tokens]:
        async with self._chat.conversation(prompts.label_opening()) as chat:
            counted = Counted(chat)
            return await scrub(counted, answer), counted.tokens

    async def _rated(self, request: RatingInput, rubric: Rubric) -> tuple[dict[str, Opinion], dict[str, str], Tokens]:
        """Opinions and quotes; the lowest where too few words are left."""
        if len(words(request.answer)) < LEAST_WORDS:
            return unanswered(rubric.criteria), {}, (0, 0)
        found, (read, written) = await rated(self._chat, request, rubric.criteria, self._samples)
        async with self._chat.conversation(prompts.rating_opening()) as chat:
            counted = Counted(chat)
            chosen = await quotes.choose(counted, request)
        return found, chosen, (read + counted.tokens[0], written + counted.tokens[1])

    async def _analysis(
        self, request: RatingInput, ratings: Sequence[Rating], total: float, confidence: float
    ) -> tuple[str, Tokens]:
        text, tokens = "", (0, 0)
        if self._chat.traits.writes:
            scores = {r.criterion: round(r.score) for r in ratings}
            data = {"question": request.question, "scores": scores, "candidate_answer": request.answer}
            text, tokens = await self._written(
                json.dumps(data, ensure_ascii=False), prompts.ANALYSIS_TASK, request.analysis_language
            )
        return text or sentences.analysis(ratings, total, confidence, request.analysis_language), tokens

    async def _written(self, data: str, task: str, language: str) -> tuple[str, Tokens]:
        """Free text in `language`; empty when the model failed to write one that can be shown."""
        turn = prompts.rating_turn(data, task.format(language=prompts.LANGUAGES[language]))
        async with self._chat.conversation([Message("system", prompts.ANALYSIS_SYSTEM)]) as chat:
            counted = Counted(chat)
            try:
                answer = await counted.complete([turn], Options(TEXT_TOKENS))
            except BackendError:
                return "", counted.tokens
        text = " ".join(answer.text.split())
        shown = not answer.cut and len(text.split()) >= SHORTEST_ANALYSIS and not other_language(text, language)
        return text if shown else "", counted.tokens

    def _work(self, *spent: Tokens) -> Work:
        read, written = (sum(part) for part in zip(*spent, strict=True))
        return Work(self.name, self._chat.model, prompts.version(), read, written)


async def rated(
    backend: ChatBackend, request: RatingInput, criteria: Sequence[Criterion], samples: int
) -> tuple[dict[str, Opinion], Tokens]:
    """Opinions in the order of the criteria. Relevance is asked after examples of its own."""
    found: dict[str, Opinion] = {}
    tokens = (0, 0)
    for opening, alone in ((prompts.rating_opening(), False), (prompts.relevance_opening(), True)):
        asked = [c for c in criteria if (c.name == "relevance") is alone]
        async with backend.conversation(opening) as chat:
            counted = Counted(chat)
            found |= await rate(counted, request, asked, backend.traits.rating_words, samples)
        tokens = (tokens[0] + counted.tokens[0], tokens[1] + counted.tokens[1])
    found = with_reference(found, request, backend.traits.reference_fit)
    return {c.name: found[c.name] for c in criteria}, tokens


def cite(quote: str, answer: str) -> str | None:
    """The quote if it stands word for word in the answer; None when it does not, empty when there is none."""
    return quote if " ".join(quote.split()) in " ".join(answer.split()) else None


def doubted(opinions: dict[str, Opinion], cited: dict[str, str | None]) -> dict[str, Opinion]:
    """Lower the confidence where a citation does not stand."""
    return {
        name: replace(o, confidence=o.confidence * DROPPED_QUOTE) if name in cited and cited[name] is None else o
        for name, o in opinions.items()
    }


def capped(opinions: dict[str, Opinion], listed: bool) -> dict[str, Opinion]:
    """A list of keywords is no answer, whatever it lists."""
    if not listed:
        return opinions
    return {name: replace(o, level=min(o.level, MOST_LEVEL)) for name, o in opinions.items()}


def _rating(criterion: str, opinion: Opinion, quote: str) -> Rating:
    return Rating(criterion, opinion.score, opinion.confidence if opinion.probability is not None else None, quote)


def _flags(scrubbed: Scrubbed) -> tuple[Flag, ...]:
    found = [Flag("answer_addresses_the_judge", part) for part in scrubbed.removed]
    if keyword_list(scrubbed.text):
        found.append(Flag("keyword_list", " ".join(scrubbed.text.split()[:QUOTED_WORDS])))
    return tuple(found)


def mean_confidence(request: SummaryInput) -> float | None:
    """Mean confidence of the answers that have one, 0 to 1."""
    known = [a.confidence for a in request.answers if a.confidence is not None]
    return fmean(known) if known else None
