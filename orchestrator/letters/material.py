"""What a letter is made of, read of a published result: words with their times, and what the judge found in them.

Of faces, voices and signs of help nothing is read here, so that nothing of them can get into a letter.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel


class Segment(BaseModel):
    """A stretch of speech, seconds from the beginning of the recording."""

    start_s: float
    end_s: float
    text: str


class LeftOut(BaseModel):
    """A stretch that is not in the transcript."""

    start_s: float
    end_s: float
    reason: str = ""


class Heard(BaseModel):
    """What was said."""

    segments: tuple[Segment, ...] = ()
    dropped: tuple[LeftOut, ...] = ()


class Rating(BaseModel):
    """A criterion with the sentence that carried it; `influence` in points of 100, None where not measured."""

    criterion: str
    score: float | None = None
    quote: str = ""
    influence: float | None = None
    start_s: float | None = None


class Flag(BaseModel):
    """A sentence that was not rated."""

    quote: str = ""


class Evidence(BaseModel):
    """The part of an answer's evidence that is about words."""

    transcript: Heard | None = None
    ratings: tuple[Rating, ...] = ()
    answer_flags: tuple[Flag, ...] = ()


class Rated(BaseModel):
    """What the judge found missing; results of before have no `gap`."""

    total: float | None = None
    missing: tuple[str, ...] = ()
    gap: str = ""


class AnswerResult(BaseModel):
    """An answer's block."""

    penilaian: Rated = Rated()
    evidence: Evidence = Evidence()


class Answer(BaseModel):
    """A question and what was made of its answer."""

    question: str
    result: AnswerResult

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What was said, without sentences that were not rated."""
        heard = self.result.evidence.transcript
        left = [flag.quote.strip() for flag in self.result.evidence.answer_flags if flag.quote.strip()]
        found = heard.segments if heard else ()
        return tuple(s for s in found if s.text.strip() and not any(q in s.text or s.text.strip() in q for q in left))


class _Result(BaseModel):
    content: tuple[Answer, ...] = ()


def answers(content: bytes) -> Sequence[Answer]:
    """The answers of a published result in their order. Raises pydantic's ValidationError when it is no result."""
    return _Result.model_validate_json(content).content
