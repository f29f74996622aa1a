"""Rating and summing up by a language model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from statistics import fmean

from servicekit.scores.rounding import whole
from servicekit.wire import Model
from servicekit.words import LEAST_SCORED_WORDS, words
from services.judge.chat import grounding, prompts, quotes
from services.judge.chat.calibration import Calibration
from services.judge.chat.hostile import Scrubbed, scrub
from services.judge.chat.model import ChatBackend, Counted, Message, Options
from services.judge.chat.rating import Opinion, rate, unanswered
from services.judge.chat.stuffing import keyword_list
from services.judge.model import (
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
from services.judge.words import explanation, sentences
from services.judge.words.explanation import Findings
from services.judge.words.languages import other_language

TEXT_TOKENS = 400
"""Room for 150 words of Indonesian."""

SHORTEST_ANALYSIS = 15
"""Less is no analysis: the sentences are used instead."""

DROPPED_QUOTE = 0.8
"""What is left of a confidence whose citation does not stand. Chosen by us."""

QUOTED_WORDS = 20
"""Enough of a list of keywords to recognise it."""

LOOSE_SCORE = 40.0
"""Few function words in an answer that is no more coherent than this are remarked upon. Chosen by us."""

Tokens = tuple[int, int]
"""Read and written."""

TEMPLATE = Work("rules", Model("sentences", "1", runtime="rules"))
"""Who writes a summary that is filled from scores and quotes."""


class ChatEvaluator:
    """An `Evaluator` on a language model."""

    def __init__(self, chat: ChatBackend, samples: int, calibrations: Callable[[str], Calibration | None]) -> None:
        """Share the model with others. `samples`: see the settings; `calibrations` gives a model's map."""
        self.name, self._chat, self._samples, self._calibrations = chat.name, chat, samples, calibrations

    async def load(self) -> None:
        """Load the model."""
        await self._chat.load()

    async def close(self) -> None:
        """Free the model, if nobody has."""
        await self._chat.close()

    async def evaluate(self, request: RatingInput, rubric: Rubric) -> Evaluation:
        """Sentences that address the judge are taken out first and reported."""
        scrubbed, labelling = await self._scrubbed(request.answer)
        clean = replace(request, answer=scrubbed.text)
        opinions, chosen, rating = await self._rated(clean, rubric)
        cited = {c: cite(chosen[c], request.answer) for c in chosen}
        opinions = doubted(opinions, cited)
        known = self._calibrations(self._chat.model.name)
        ratings = tuple(_rating(c, o, cited.get(c) or "", known) for c, o in opinions.items())
        total = sum(rubric.weights[r.criterion] * r.score for r in ratings)
        confidence = sum(rubric.weights[c] * o.confidence for c, o in opinions.items())
        found = _findings(request, ratings, total, scrubbed.removed, rubric)
        text, more = await self._analysis(clean, found)
        probabilities = [o.probability for o in opinions.values() if o.probability is not None]
        return Evaluation(
            ratings,
            total,
            confidence,
            fmean(probabilities) if len(probabilities) == len(opinions) else None,
            text,
            replace(self._work(labelling, rating, more), data_sha256=known.data_sha256 if known else ""),
            flags(scrubbed, ratings),
            rubric.name,
            rubric.sha256,
            0 if probabilities else self._samples,
            low=found.low,
            high=found.high,
            follow_up=explanation.follow_up(found, request.analysis_language),
            missing=found.missing,
        )

    async def summarize(self, request: SummaryInput) -> Summary:
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
        if len(words(request.answer)) < LEAST_SCORED_WORDS:
            return unanswered(rubric.criteria), {}, (0, 0)
        found, (read, written) = await rated(self._chat, request, rubric.criteria, self._samples)
        async with self._chat.conversation(prompts.rating_opening()) as chat:
            counted = Counted(chat)
            chosen = await quotes.choose(counted, request)
        return found, chosen, (read + counted.tokens[0], written + counted.tokens[1])

    async def _analysis(self, request: RatingInput, found: Findings) -> tuple[str, Tokens]:
        text, tokens = "", (0, 0)
        if self._chat.traits.writes:
            scores = {r.criterion: whole(r.score) for r in found.ratings}
            data = {"question": request.question, "scores": scores, "candidate_answer": request.answer}
            text, tokens = await self._written(
                json.dumps(data, ensure_ascii=False), prompts.ANALYSIS_TASK, request.analysis_language
            )
        return text or explanation.explained(found, request.analysis_language), tokens

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


def _rating(criterion: str, opinion: Opinion, quote: str, known: Calibration | None) -> Rating:
    confidence = opinion.confidence if opinion.probability is not None else None
    curve = known.curve(criterion) if known else None
    if known is None or curve is None:
        return Rating(criterion, opinion.score, confidence, quote)
    score, half = curve.score(opinion.level), known.interval * curve.error
    return Rating(criterion, score, confidence, quote, max(score - half, 1.0), min(score + half, 100.0))


def _findings(
    request: RatingInput, ratings: tuple[Rating, ...], total: float, removed: Sequence[str], rubric: Rubric
) -> Findings:
    """The gap follows from the scores alone: a chat model is not asked for it."""
    by_name = {r.criterion: r for r in ratings}
    low = high = None
    if all(r.low is not None for r in ratings):
        low = sum(rubric.weights[r.criterion] * (r.low or 0.0) for r in ratings)
        high = sum(rubric.weights[r.criterion] * (r.high or 0.0) for r in ratings)
    gap = "none"
    if by_name["relevance"].score < 45:
        gap = "topic"
    elif by_name["coherence"].score < 45:
        gap = "order"
    elif by_name["quality"].score < 60:
        gap = "case"
    missing = explanation.missing_points(request.reference, request.question, request.answer)
    titles = rubric.titles(request.analysis_language)
    return Findings(request.question, ratings, total, low, high, gap, missing, tuple(removed), titles=titles)


def flags(scrubbed: Scrubbed, ratings: Sequence[Rating]) -> tuple[Flag, ...]:
    """What a person should look at. A list of keywords is a remark: no score follows from it."""
    found = [Flag("answer_addresses_the_judge", part) for part in scrubbed.removed]
    coherence = next((r.score for r in ratings if r.criterion == "coherence"), 100.0)
    if coherence < LOOSE_SCORE and keyword_list(scrubbed.text):
        found.append(Flag("keyword_list", " ".join(scrubbed.text.split()[:QUOTED_WORDS])))
    return tuple(found)


def mean_confidence(request: SummaryInput) -> float | None:
    """Mean confidence of the answers that have one, 0 to 1."""
    known = [a.confidence for a in request.answers if a.confidence is not None]
    return fmean(known) if known else None
