"""Answers that are nearly another candidate's to the same question."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.schemas import Body

EXPLANATION = "Another candidate of this job said nearly the same in answer to this question."
INNOCENT = "Both have learnt from the same book, course or page, or speak of work that they did together."


class Passage(Body):
    """A stretch of an answer."""

    answer_index: int
    """The answer, from 0."""
    quote: str
    """What was said, verbatim."""
    start_s: float = Field(ge=0)
    """Where it begins, seconds from the beginning of the recording."""
    end_s: float = Field(ge=0)
    """Where it ends."""


class OtherPassage(Passage):
    """A stretch of another candidate's answer."""

    session_id: str
    candidate_name: str


class SimilarAnswer(Passage):
    """An answer that is nearly another candidate's. It is a moment to look at, and counts in no score or verdict."""

    other: OtherPassage
    shared: float = Field(ge=0, le=1)
    """Share of the shorter answer's runs of three words that stand in both."""
    severity: Literal["info"] = "info"
    explanation: str = EXPLANATION
    innocent_explanation: str = INNOCENT


class SimilarAnswers(Body):
    """What was found of a session, by answer, the likest first; 200 at most."""

    similar_answers: list[SimilarAnswer]
