"""Rating by the learned head on the model of this process: one pass an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from servicekit.words import LEAST_SCORED_WORDS, words
from services.judge.chat import prompts
from services.judge.chat.evaluator import TEMPLATE, mean_confidence
from services.judge.learned import features, head
from services.judge.learned.aimed import aimed
from services.judge.learned.head import Head, Score
from services.judge.learned.reading import Reading, Sentence
from services.judge.llama.backend import LlamaCpp
from services.judge.llama.context import Numbers
from services.judge.model import (
    CRITERIA,
    Evaluation,
    Evaluator,
    Flag,
    Rating,
    RatingInput,
    Rubric,
    Summary,
    SummaryInput,
    Unscored,
    Work,
)
from services.judge.words import explanation, sentences
from services.judge.words.chunks import passages
from services.judge.words.explanation import Findings
from services.judge.words.introduction import without_introduction
from services.judge.words.phrases import GAPS

HEAD = Path(__file__).parents[1] / "weights" / "head.npz"
"""Made by `python -m training.judge`."""

PASSAGE_WORDS, PASSAGES = 450, 8
"""A longer answer is read in passages, at most so many, evenly spread: 25 minutes of speech whole."""

CLOSE_POINTS = 10.0
"""A rating's confidence is the probability that a person's score lies so near."""

DOUBTFUL_WORDS = 0.5
"""Under this mean confidence of the recognised words there is no score. Chosen by us: half the words may be others."""


@dataclass(frozen=True, slots=True)
class Part:
    """A passage as it was read: scores by criterion, the sentences' influence by criterion, sentences left out."""

    reading: Reading | None
    words: int
    scores: dict[str, Score]
    influences: dict[str, tuple[tuple[Sentence, float], ...]]
    gaps: dict[str, float]
    removed: tuple[str, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class _Assessed:
    """Everything that was found of an answer; `error` is the mean error of its total to expect, in points."""

    findings: Findings
    error: float
    unscored: Unscored | None
    tokens: int


class EmbeddedEvaluator:
    """An `Evaluator` on the model of this process: with the head that was learned on it, or as any chat model."""

    name = "llamacpp"

    def __init__(self, llama: LlamaCpp, otherwise: Evaluator) -> None:
        """`otherwise` rates where the settings name a model that no head was learned on."""
        self._llama, self._otherwise = llama, otherwise
        self._inner: Evaluator = otherwise

    async def load(self) -> None:
        """Load the model; with a head, take back its opening."""
        await self._llama.load()
        found = stored_head()
        if found.model_sha256 == self._llama.model.sha256:
            await self._llama.prepare()
            self._inner = HeadEvaluator(self._llama, found)
        else:
            await self._otherwise.load()

    async def close(self) -> None:
        """Free the model, if nobody has."""
        await self._llama.close()

    async def evaluate(self, request: RatingInput, rubric: Rubric) -> Evaluation:
        return await self._inner.evaluate(request, rubric)

    async def summarize(self, request: SummaryInput) -> Summary:
        return await self._inner.summarize(request)


class HeadEvaluator:
    """An `Evaluator` on a loaded model and the head that was learned on it."""

    name = "llamacpp"

    def __init__(self, llama: LlamaCpp, found: Head) -> None:
        """`found` must belong to the model."""
        self._llama, self._head = llama, found

    async def load(self) -> None:
        pass  # the model is loaded

    async def close(self) -> None:
        pass  # the model is somebody else's

    async def evaluate(self, request: RatingInput, rubric: Rubric) -> Evaluation:
        """Sentences that address the judge are taken out first and reported."""
        found = await self._assessed(request, rubric)
        unscored = found.unscored
        language = request.analysis_language
        text = unscored.explanation if unscored else explanation.explained(found.findings, language)
        return Evaluation(
            () if unscored else found.findings.ratings,
            0.0 if unscored else found.findings.total,
            0.0 if unscored else closeness(found.error),
            None,
            text,
            self._work(found.tokens),
            tuple(Flag("answer_addresses_the_judge", part) for part in found.findings.removed),
            rubric.name,
            rubric.sha256,
            0,
            unscored,
            None if unscored else found.findings.low,
            None if unscored else found.findings.high,
            explanation.follow_up(found.findings, language),
            found.findings.missing,
            "" if unscored else found.findings.gap,
        )

    async def rated(
        self, request: RatingInput, rubric: Rubric
    ) -> tuple[tuple[Rating, ...], float, Unscored | None, tuple[str, ...]]:
        """Ratings, total, why a person would have to rate, and what was left out: for measuring, refusals too."""
        found = await self._assessed(request, rubric)
        return found.findings.ratings, found.findings.total, found.unscored, found.findings.removed

    async def _assessed(self, request: RatingInput, rubric: Rubric) -> _Assessed:
        texts = passages(without_introduction(request.answer), PASSAGE_WORDS)
        chosen = spread(texts, PASSAGES)
        parts = [await self._part(request, text, rubric) for text in chosen]
        ratings = tuple(self._rating(c.name, parts) for c in rubric.criteria)
        weights = rubric.weights
        total = sum(weights[r.criterion] * r.score for r in ratings)
        criteria = sum(weights[c.name] * _error(c.name, parts) for c in rubric.criteria)
        error = float(self._head.facts["total_error"]) * criteria
        low, high = self._interval(total, error)
        missing = explanation.missing_points(request.reference, request.question, request.answer)
        removed = tuple(text for part in parts for text in part.removed)
        titles = rubric.titles(request.analysis_language)
        found = Findings(
            request.question, ratings, total, low, high, _gap(parts), missing, removed, len(texts), len(chosen), titles
        )
        unscored = self._unscored(request, parts, low, high)
        return _Assessed(found, error, unscored, sum(part.tokens for part in parts))

    async def summarize(self, request: SummaryInput) -> Summary:
        confidence = mean_confidence(request)
        return Summary(sentences.summary(request.answers, confidence, request.language), confidence, TEMPLATE)

    async def _part(self, request: RatingInput, text: str, rubric: Rubric) -> Part:
        """Read a passage; where sentences are aimed at the judge, read what is left of it once more."""
        asked = [c.task for c in rubric.own]
        reading = await self._llama.read(request.question, request.reference, text, asked)
        removed = tuple(s.text for s in aimed(reading, self._head))
        tokens = reading.tokens
        if removed:
            kept = [s.text for s in reading.sentences if s.text not in removed]
            text = " ".join(kept)
            if len(words(text)) < LEAST_SCORED_WORDS:
                lowest = dict.fromkeys((*CRITERIA, *(c.name for c in rubric.own)), Score(1.0, 1.0, 0.0))
                return Part(None, 1, lowest, {}, {"topic": 100.0}, removed, tokens)
            reading = await self._llama.read(request.question, request.reference, text, asked)
            tokens += reading.tokens
        scorer = _Scorer(self._head, reading, request, len(text.split()))
        scores = scorer.scores(rubric, ())
        influences = scorer.influences(rubric) if len(reading.sentences) > 1 else {}
        return Part(reading, scorer.words, scores, influences, scorer.gaps(), removed, tokens)

    def _rating(self, criterion: str, parts: Sequence[Part]) -> Rating:
        score = _mean([p.scores[criterion].value for p in parts], parts)
        error = _error(criterion, parts)
        low, high = self._interval(score, error)
        named = [pair for part in parts for pair in part.influences.get(criterion, ())]
        quote, influence = "", None
        if named:
            sentence, influence = max(named, key=lambda pair: pair[1])
            quote = sentence.text if influence > 0 and criterion != "coherence" else ""
        elif len(parts) == 1 and parts[0].reading is not None and criterion != "coherence":
            quote = parts[0].reading.sentences[0].text
        return Rating(criterion, score, closeness(error), quote, low, high, influence if quote else None)

    def _interval(self, score: float, error: float) -> tuple[float, float]:
        half = float(self._head.facts["interval"]) * error
        return max(score - half, 1.0), min(score + half, 100.0)

    def _unscored(self, request: RatingInput, parts: Sequence[Part], low: float, high: float) -> Unscored | None:
        """Judged by the criteria that all rubrics share: a rubric's own are less sure always, which intervals show."""
        limits = self._head.facts["limits"]
        error = float(self._head.facts["total_error"]) * fmean(_error(name, parts) for name in CRITERIA)
        unlike = _mean([max(p.scores[name].unlikeness for name in CRITERIA) for p in parts], parts)
        sure = request.transcript_confidence
        reason = ""
        if sure is not None and sure < DOUBTFUL_WORDS:
            reason = "doubtful_transcript"
        elif unlike > limits["unlikeness"]:
            reason = "unlike_known_answers"
        elif error > limits["error"]:
            reason = "unsure"
        language = request.analysis_language
        return Unscored(reason, explanation.unscored(reason, language, low, high)) if reason else None

    def _work(self, tokens: int) -> Work:
        work = Work(self.name, self._llama.model, prompts.version(), tokens, 0)
        return replace(work, head_sha256=self._head.sha256, data_sha256=self._head.data_sha256)


class _Scorer:
    """Scores of one reading, whole or without some of its sentences."""

    def __init__(self, found: Head, reading: Reading, request: RatingInput, count: int) -> None:
        self._head, self._reading, self.words, self._language = found, reading, count, request.language
        self._name = "referenced" if request.reference else "bare"
        arrays = found.arrays
        self._beside = features.similarities(reading, arrays["token_mean"], arrays["token_scale"])

    def scores(self, rubric: Rubric, without: Sequence[Sentence]) -> dict[str, Score]:
        """By criterion, in the rubric's order."""
        spans = [s.span for s in without]
        blocks = features.states(self._reading, spans)
        common = self._head.regressions[self._name].scores(blocks, self._beside, self.words, self._language)
        found = {c: common[c] for c in CRITERIA}
        for number, criterion in enumerate(rubric.own):
            rows = features.criterion(self._reading, number, spans)
            own = self._head.regressions["criterion"].scores(rows, self._question(), self.words, self._language)
            found[criterion.name] = own["own"]
        return found

    def influences(self, rubric: Rubric) -> dict[str, tuple[tuple[Sentence, float], ...]]:
        """For each criterion what its score would lose without each sentence, in points."""
        whole = self.scores(rubric, ())
        less = [(s, self.scores(rubric, [s])) for s in self._reading.sentences]
        return {c: tuple((s, whole[c].value - without[c].value) for s, without in less) for c in whole}

    def _question(self) -> Numbers:
        """The numbers that need no reference."""
        return self._beside[: features.QUESTION_NUMBERS]

    def gaps(self) -> dict[str, float]:
        """How much each kind of gap is there, 1 to 100."""
        blocks = features.states(self._reading)
        regression = self._head.regressions["bare"]
        found = regression.scores(blocks, self._question(), self.words, self._language)
        return {gap: found[gap].value for gap in GAPS}


def spread(texts: Sequence[str], most: int) -> list[str]:
    """At most so many of them, evenly spread, the first and the last among them."""
    if len(texts) <= most:
        return list(texts)
    return [texts[round(n * (len(texts) - 1) / (most - 1))] for n in range(most)]


def closeness(error: float) -> float:
    """Probability that a person's score is within `CLOSE_POINTS`, where errors have this mean (Laplace)."""
    return 1 - math.exp(-CLOSE_POINTS / max(error, 1e-6))


def _error(criterion: str, parts: Sequence[Part]) -> float:
    """Mean absolute error to expect. Words that were misheard (up to 30 %) were learned with and do not raise it."""
    return _mean([p.scores[criterion].error for p in parts], parts)


def _mean(values: Sequence[float], parts: Sequence[Part]) -> float:
    return fmean(values, [part.words for part in parts])


def _gap(parts: Sequence[Part]) -> str:
    sums = {gap: sum(p.gaps.get(gap, 0.0) * p.words for p in parts) for gap in GAPS}
    return max(sums, key=lambda gap: sums[gap])


def stored_head() -> Head:
    """The head that belongs to the embedded model."""
    return head.read(HEAD)
