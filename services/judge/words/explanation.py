"""The explanation of a rating for a recruiter: what carried it, what it lacks, what to ask next.

Every statement stands on something measured: a score with its scale, a sentence with its influence, a kind of gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from servicekit.scores.rounding import whole
from services.judge.model import CRITERIA, Rating
from services.judge.words.languages import content_words
from services.judge.words.phrases import BANDS, PHRASES

TELLING_POINTS = 2.0
"""A sentence whose absence costs less is not said to carry the answer. Chosen by us: scores are rounded to 1."""

QUOTED_WORDS = 22
ASKED_WORDS = 14
"""Words of a sentence quoted in the explanation, and repeated in a question."""

COVERED_SHARE = 0.34
"""A point of the reference with a smaller share of its words in the answer counts as missing. Chosen by us."""

MOST_MISSING = 3
POINT_WORDS = 3


@dataclass(frozen=True, slots=True)
class Findings:
    """What an explanation is made of. `gap` is one of `phrases.GAPS`; `removed` sentences were not rated."""

    question: str
    ratings: tuple[Rating, ...]
    total: float
    low: float | None = None
    high: float | None = None
    gap: str = "none"
    missing: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    parts: int = 1
    parts_read: int = 1
    titles: Mapping[str, str] = field(default_factory=dict)
    """What people call the rubric's own criteria, in the language of the explanation."""


def explained(found: Findings, language: str) -> str:
    """Three to eight sentences in `en` or `id`."""
    say = _Speaker(language)
    # Of an answer about something else no sentence carries anything.
    carried = [] if found.gap == "topic" else _carried(found, say)
    lines = [say.total(found), *carried]
    by_name = {r.criterion: r for r in found.ratings}
    for name in ("coherence", "relevance"):
        if name in by_name:
            lines.append(say.band(name, by_name[name].score))
    lines += [_own(r, found.titles, say) for r in found.ratings if r.criterion not in CRITERIA]
    lines.append(say.text("gap")[found.gap])
    if found.missing:
        lines.append(say("missing", points="; ".join(f"“{point}”" for point in found.missing)))
    if found.removed:
        lines.append(say("removed", quote=shortened(found.removed[0], QUOTED_WORDS)))
    if found.parts_read < found.parts:
        lines.append(say("long", read=found.parts_read, parts=found.parts))
    lines.append(say("next", question=follow_up(found, language)))
    return " ".join(line for line in lines if line)


def follow_up(found: Findings, language: str) -> str:
    """A question that fits what is missing, with the answer's own words in it."""
    quality = next((r.quote for r in found.ratings if r.criterion == "quality" and r.quote), "")
    quote = quality or next((r.quote for r in found.ratings if r.quote), "")
    gap = found.gap if quote or found.gap in ("topic", "order") else "topic"
    form: str = PHRASES[language]["ask"][gap]  # type: ignore[index]
    return form.format(quote=shortened(quote, ASKED_WORDS), question=found.question.strip())


def unscored(reason: str, language: str, low: float | None = None, high: float | None = None) -> str:
    """Why there is no score, for people."""
    form: str = PHRASES[language]["unscored"][reason]  # type: ignore[index]
    return form.format(low=_whole(low), high=_whole(high))


def missing_points(reference: str, question: str, answer: str) -> tuple[str, ...]:
    """Points of the reference, in its own words, of which the answer says nothing."""
    said = content_words(answer) | content_words(question)
    found = []
    for point in _points(reference):
        wanted = content_words(point)
        if wanted and len(wanted & said) / len(wanted) < COVERED_SHARE:
            found.append(point)
    return tuple(found[:MOST_MISSING])


def shortened(text: str, words: int) -> str:
    """The text without its last mark; cut at so many words."""
    parts = text.split()
    return text.strip().rstrip(".!?,;:") if len(parts) <= words else " ".join(parts[:words]).rstrip(".!?,;:") + " …"


class _Speaker:
    """Phrases of one language."""

    def __init__(self, language: str) -> None:
        self._phrases: dict[str, Any] = PHRASES[language]

    def __call__(self, phrase: str, /, **values: object) -> str:
        return str(self._phrases[phrase]).format(**values)

    def text(self, name: str) -> dict[str, str]:
        return dict(self._phrases[name])

    def band(self, name: str, score: float, **values: object) -> str:
        """The phrase of the score's fifth of the scale."""
        form = self._phrases[name][sum(score < edge for edge in BANDS)]
        return str(form).format(score=whole(score), **values)

    def total(self, found: Findings) -> str:
        interval = ""
        if found.low is not None and found.high is not None:
            interval = self("interval", low=_whole(found.low), high=_whole(found.high))
        return self.band("total", found.total, total=whole(found.total), interval=interval)


def _carried(found: Findings, say: _Speaker) -> list[str]:
    by_name = {r.criterion: r for r in found.ratings}
    quality, relevance = by_name.get("quality"), by_name.get("relevance")
    lines = []
    if quality is None or not quality.quote:
        lines.append(say("flat") if quality is not None and quality.influence is not None else "")
    elif quality.influence is not None and quality.influence >= TELLING_POINTS:
        quote = shortened(quality.quote, QUOTED_WORDS)
        lines.append(say("carried", quote=quote, points=whole(quality.influence)))
    else:
        lines.append(say("central", quote=shortened(quality.quote, QUOTED_WORDS)))
    if relevance is not None and relevance.quote and (quality is None or relevance.quote != quality.quote):
        lines.append(say("nearest", quote=shortened(relevance.quote, QUOTED_WORDS)))
    return lines


def _own(rating: Rating, titles: Mapping[str, str], say: _Speaker) -> str:
    name = titles.get(rating.criterion, rating.criterion.replace("_", " "))
    if rating.quote and rating.influence is not None and rating.influence >= TELLING_POINTS:
        quote = shortened(rating.quote, QUOTED_WORDS)
        return say("own_carried", name=name, score=whole(rating.score), quote=quote)
    return say("own", name=name, score=whole(rating.score))


def _points(reference: str) -> Sequence[str]:
    """Clauses of three words and more."""
    marked = reference
    for mark in (";", ". ", ", and ", ", dan ", ", ", " and ", " dan ", " serta "):
        marked = marked.replace(mark, "\n")
    return [part.strip(" .,;:") for part in marked.split("\n") if len(part.split()) >= POINT_WORDS]


def _whole(score: float | None) -> int:
    return 0 if score is None else whole(score)
