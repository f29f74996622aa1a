"""A letter out of a session's evidence: what was heard, what answered the question, what was missing.

Every quote is a stretch of the transcript as it stands there; every other sentence is one of `phrases`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.letters.material import Answer, Rating, Segment
from orchestrator.letters.phrases import PHRASES

TELLING_POINTS = 2.0
"""A sentence whose absence would cost less is not said to carry the answer; the judge's explanation has the same."""
ON_TOPIC, OFF_TOPIC = 60.0, 40.0
"""From this relevance of 100 on a sentence is said to answer the question; below, to come closest to it; and of an
answer below the second, nothing is called strong."""
QUOTED_WORDS, LEAST_WORDS, UNHEARD_S, MOST_UNHEARD = 28, 6, 1.0, 3
"""Words of a quote; under so few the sentence that follows is quoted too. Gaps shorter than a second are not named."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Whom it is for, in which language, who signs, and what the answers were."""

    name: str
    language: str
    author: str
    answers: Sequence[Answer]
    under_link: bool = False
    name_points: bool = False
    """Whether points of the model answer are named that were not taken up."""


def composed_letter(letter: Letter) -> str:
    """The text, with a line feed after each paragraph and an empty line between two."""
    say = PHRASES[letter.language]
    parts = [say["greeting"].format(name=letter.name), say["opening"]]
    gaps = list[str]()
    for number, answer in enumerate(letter.answers, 1):
        gap = answer.result.penilaian.gap
        said = _Answered(answer, say, gap in gaps)
        parts += [f"{number}. {' '.join(answer.question.split())}", *said.paragraphs(letter.name_points)]
        gaps.append(gap)
    parts += [f"{say['person']} {say['under_link' if letter.under_link else 'reply']}"]
    return "\n\n".join([*parts, f"{say['regards']}\n{letter.author}"]) + "\n"


class _Answered:
    """The paragraphs about one answer."""

    def __init__(self, answer: Answer, say: dict[str, Any], again: bool) -> None:
        """`again`: an answer before has the same gap."""
        self._answer, self._say, self._segments, self._again = answer, say, answer.segments, again

    def paragraphs(self, name_points: bool) -> list[str]:
        """What was heard, what answered the question, what was missing."""
        if self._answer.result.evidence.transcript is None:
            return [self._say["unusable"]]
        if not self._segments:
            return [self._say["silent"]]
        used = self._carrying()
        heard = " ".join([*self._heard([at for _, at in used]), *self._unheard()])
        answered = " ".join(text for text, _ in used)
        return [each for each in (heard, answered, self._missing(name_points)) if each]

    def _heard(self, quoted: Sequence[float]) -> Iterator[str]:
        """How the answer began and ended, unless that is quoted anyway."""
        first, last = self._segments[0], self._segments[-1]
        starts, ends = first.start_s not in quoted, last.start_s not in quoted
        if first is last:
            if starts:
                yield self._say["said"].format(quote=_quote(first))
        elif starts and ends:
            yield self._say["ran"].format(opening=_quote(first), closing=_quote(last))
        elif starts:
            yield self._say["began"].format(quote=_quote(first))
        elif ends:
            yield self._say["ended"].format(quote=_quote(last))

    def _unheard(self) -> Iterator[str]:
        heard = self._answer.result.evidence.transcript
        left = [s for s in (heard.dropped if heard else ()) if s.reason == "unintelligible"]
        times = [clock(s.start_s) for s in left if s.end_s - s.start_s >= UNHEARD_S][:MOST_UNHEARD]
        if times:
            *before, last = times
            listed = f"{', '.join(before)}{self._say['and']}{last}" if before else last
            yield self._say["unheard"].format(times=listed)

    def _carrying(self) -> list[tuple[str, float]]:
        """Sentences about what carried the answer, each with the time of the segment that it quotes."""
        ratings = {r.criterion: r for r in self._answer.result.evidence.ratings if r.score is not None}
        relevance, quality = _telling(ratings.get("relevance")), _telling(ratings.get("quality"))
        best, weight = self._place(relevance), self._place(quality)
        found: list[tuple[str, float]] = []
        fits = (ratings["relevance"].score or 0.0) if "relevance" in ratings else 0.0
        on_topic = fits >= ON_TOPIC
        if fits < OFF_TOPIC:
            return found
        if best is not None and best == weight:
            found.append(self._sentence("both" if on_topic else "touched", best))
        else:
            if best is not None:
                found.append(self._sentence("answered" if on_topic else "touched", best))
            if weight is not None:
                found.append(self._sentence("carried", weight))
        own = (self._place(_telling(r)) for name, r in ratings.items() if name not in ("relevance", "quality"))
        for place in own:
            if place is not None and self._segments[place].start_s not in [at for _, at in found]:
                found.append(self._sentence("noted", place))
        return found

    def _place(self, rating: Rating | None) -> int | None:
        """The segment that a rating's quote begins in."""
        if rating is None:
            return None
        quote = rating.quote.strip()
        at = [n for n, s in enumerate(self._segments) if quote in s.text or s.text.strip() in quote]
        start_s = rating.start_s or 0.0
        return min(at, key=lambda n: abs(self._segments[n].start_s - start_s)) if at else None

    def _sentence(self, phrase: str, place: int) -> tuple[str, float]:
        segment = self._segments[place]
        if len(segment.text.split()) < LEAST_WORDS and place + 1 < len(self._segments):
            after = self._segments[place + 1]
            text = f"{segment.text.strip()} {after.text.strip()}"
            segment = Segment(start_s=segment.start_s, end_s=after.end_s, text=text)
        return self._say[phrase].format(quote=_quote(segment)), segment.start_s

    def _missing(self, name_points: bool) -> str:
        rated = self._answer.result.penilaian
        if rated.total is None:
            return str(self._say["to_write"])
        if rated.gap in self._say["gap"]:
            lines = [self._say["gap"][rated.gap][self._again]]
        else:
            lines = [self._say["to_check" if rated.gap == "fact" else "to_write_gap"]]
        if name_points and rated.missing:
            lines.append(self._say["points"].format(points="; ".join(map(_lowered, rated.missing))))
        return " ".join(lines)


def _telling(rating: Rating | None) -> Rating | None:
    """A rating whose quote may be said to carry it: measured so, or the only one that was found."""
    if rating is None or not rating.quote.strip():
        return None
    return rating if rating.influence is None or rating.influence >= TELLING_POINTS else None


def _quote(segment: Segment) -> str:
    """The segment's words between quotation marks, with their time; cut at so many words."""
    words = segment.text.split()
    cut = len(words) > QUOTED_WORDS
    text = " ".join(words[:QUOTED_WORDS]).strip().rstrip(".,;:")
    return f"“{text}{' …' if cut else ''}” ({clock(segment.start_s)})"


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _lowered(text: str) -> str:
    """With a small first letter, unless the first word is written in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
