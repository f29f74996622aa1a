"""The summary of a session as sentences filled from scores and quotes.

For models too small to write for people, and for the last resort: every statement stands on a number or a quote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from servicekit.scores.rounding import whole
from services.judge.model import CRITERIA, RatedAnswer

BANDS = (80, 60, 40, 20)
"""From very good over good, middling, weak to very weak: equal fifths of the scale."""

SURE = (0.75, 0.5)
"""Confidence from which a rating is called sure, and fairly sure. Chosen by us."""

QUESTION_WORDS = 16
SUMMARY_WORDS = 200
"""Single answers are listed as long as the summary has no more."""

TEXT = {
    "en": {
        "bands": ("very good", "good", "middling", "weak", "very weak"),
        "sure": ("sure", "fairly sure", "unsure"),
        "quality": "quality",
        "coherence": "coherence",
        "relevance": "relevance",
        "mean": "Over {count} answers the mean score is {total} of 100, which is {band}: {scores}.",
        "best": "The strongest answer ({total}) is the one to “{question}”.",
        "best_quote": "In it the candidate says: “{quote}”.",
        "worst": "The weakest ({total}) is the one to “{question}”, above all for its {criterion} ({score}).",
        "spread": "Between the two lie {gap} points, so the answers are {evenness}.",
        "alike": "All answers score alike ({total}).",
        "alike_quote": "To “{question}” the candidate says: “{quote}”.",
        "even": ("much alike", "different", "very different"),
        "each": "The answer to “{question}” has {total} in all: {scores}.",
        "next": "Over all answers {criterion} is lowest ({score}); a next interview could begin there.",
        "end": "The ratings are {sure}. They describe what was said and leave the decision to people.",
    },
    "id": {
        "bands": ("sangat baik", "baik", "sedang", "lemah", "sangat lemah"),
        "sure": ("pasti", "cukup pasti", "belum pasti"),
        "quality": "kualitas",
        "coherence": "koherensi",
        "relevance": "relevansi",
        "mean": "Dari {count} jawaban, nilai rata-ratanya {total} dari 100, artinya {band}: {scores}.",
        "best": "Jawaban terkuat ({total}) adalah untuk pertanyaan “{question}”.",
        "best_quote": "Di sana kandidat berkata: “{quote}”.",
        "worst": "Yang terlemah ({total}) adalah untuk pertanyaan “{question}”, terutama pada {criterion} ({score}).",
        "spread": "Selisih keduanya {gap} poin, jadi jawaban-jawabannya {evenness}.",
        "alike": "Semua jawaban bernilai sama ({total}).",
        "alike_quote": "Untuk “{question}” kandidat berkata: “{quote}”.",
        "even": ("hampir setara", "berbeda", "sangat berbeda"),
        "each": "Jawaban untuk “{question}” bernilai {total} secara keseluruhan: {scores}.",
        "next": "Dari semua jawaban, {criterion} paling rendah ({score}); wawancara berikutnya dapat mulai dari situ.",
        "end": "Penilaian ini {sure}. Nilai menggambarkan apa yang dikatakan; keputusan tetap di tangan manusia.",
    },
}


def summary(answers: Sequence[RatedAnswer], confidence: float | None, language: str) -> str:
    """Sum up two or more answers, 100 to 200 words, in `en` or `id`."""
    means = {c: _mean(answers, c) for c in _criteria(answers)}
    total = fmean(a.total for a in answers)
    best, worst = (pick(answers, key=lambda a: a.total) for pick in (max, min))
    alike = whole(best.total) == whole(worst.total)
    lines = [
        _say(
            language,
            "mean",
            count=len(answers),
            total=whole(total),
            band=_band(total, language),
            scores=_scores(means, language),
        ),
        *(_alike(best, language) if alike else _extremes(best, worst, language)),
        _lowest(means, language),
    ]
    end = _say(language, "end", sure=_sure(confidence or 0.0, language))
    for answer in answers:
        line = _each(answer, list(means), language)
        if len(" ".join([*lines, line, end]).split()) <= SUMMARY_WORDS:
            lines.append(line)
    return " ".join(line for line in [*lines, end] if line)


def _criteria(answers: Sequence[RatedAnswer]) -> list[str]:
    """The common criteria that were rated; where none was, the rubric's own."""
    rated = dict.fromkeys(r.criterion for a in answers for r in a.ratings)
    return [c for c in CRITERIA if c in rated] or list(rated)


def _alike(answer: RatedAnswer, language: str) -> list[str]:
    """Answers without a best and a worst among them."""
    quote = next((r.quote for r in answer.ratings if r.quote), "")
    said = {"question": _short(answer.question), "quote": quote.rstrip(".")}
    return [
        _say(language, "alike", total=whole(answer.total)),
        _say(language, "alike_quote", **said) if quote else "",
    ]


def _extremes(best: RatedAnswer, worst: RatedAnswer, language: str) -> list[str]:
    """The strongest and the weakest answer, and how far they are apart."""
    criteria = _criteria([worst])
    weak = min((r for r in worst.ratings if r.criterion in criteria), key=lambda r: r.score)
    quote = next((r.quote for r in best.ratings if r.quote), "")
    gap = best.total - worst.total
    return [
        _say(language, "best", total=whole(best.total), question=_short(best.question)),
        _say(language, "best_quote", quote=quote.rstrip(".")) if quote else "",
        _say(
            language,
            "worst",
            total=whole(worst.total),
            question=_short(worst.question),
            criterion=_named(weak.criterion, language),
            score=whole(weak.score),
        ),
        _say(language, "spread", gap=whole(gap), evenness=_pick(language, "even", (gap >= 10) + (gap >= 30))),
    ]


def _lowest(means: Mapping[str, float], language: str) -> str:
    """The criterion to begin with next time, where there are several."""
    if len(means) < 2:
        return ""
    lowest = min(means, key=lambda c: means[c])
    return _say(language, "next", criterion=_named(lowest, language), score=whole(means[lowest]))


def _each(answer: RatedAnswer, criteria: Sequence[str], language: str) -> str:
    """One answer with its scores; nothing where it lacks one."""
    found = {r.criterion: r.score for r in answer.ratings}
    if not set(criteria) <= set(found):
        return ""
    scores = _scores({c: found[c] for c in criteria}, language)
    return _say(language, "each", question=_short(answer.question), total=whole(answer.total), scores=scores)


def _scores(scores: Mapping[str, float], language: str) -> str:
    return ", ".join(f"{_named(c, language)} {whole(score)}" for c, score in scores.items())


def _named(criterion: str, language: str) -> str:
    """A criterion as people read it; a rubric's own has the same name in both languages."""
    return _say(language, criterion) if criterion in CRITERIA else criterion.replace("_", " ")


def _say(language: str, name: str, **values: object) -> str:
    return str(TEXT[language][name]).format(**values)


def _pick(language: str, name: str, index: int) -> str:
    return TEXT[language][name][index]


def _band(score: float, language: str) -> str:
    return _pick(language, "bands", sum(score < edge for edge in BANDS))


def _sure(confidence: float, language: str) -> str:
    return _pick(language, "sure", sum(confidence < edge for edge in SURE))


def _mean(answers: Sequence[RatedAnswer], criterion: str) -> float:
    return fmean(r.score for a in answers for r in a.ratings if r.criterion == criterion)


def _short(question: str) -> str:
    parts = question.split()
    return " ".join(parts) if len(parts) <= QUESTION_WORDS else " ".join(parts[:QUESTION_WORDS]) + " …"
