"""Answers and findings."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from gateway.published import Severity
from gateway.schemas import Body
from gateway.sessions.schemas import Answer


class Finding(Body):
    """A moment that a person should look at. It says what was measured, never why."""

    answer_index: int = Field(examples=[0])
    """Place of the answer in the session, from 0."""
    type: str = Field(examples=["looking_away"])
    severity: Severity
    start_s: float
    """Seconds from the beginning of the recording."""
    end_s: float
    strength: float
    """In the unit of its type, such as degrees for `looking_away`."""
    confidence: float = Field(ge=0, le=1)
    explanation: str
    """What was measured, in a sentence."""
    innocent_explanation: str
    """What else it may be."""
    quote: str
    """What was said meanwhile; may be empty."""
    still_url: str | None
    """The picture at that moment."""


class Spoken(Body):
    """What was said in an answer."""

    text: str
    language: Literal["en", "id"]
    quality: Literal["good", "usable", "insufficient"]
    """Whether the answer can be judged by it."""
    quality_reason: str


class Rated(Body):
    """How an answer was rated; `total` is null where a person has to rate it, and the analysis says why."""

    total: int | None = Field(ge=1, le=100)
    ratings: dict[str, int] = Field(examples=[{"quality": 71, "coherence": 74, "relevance": 68}])
    """The score of each criterion, 1 to 100."""
    confidence: float = Field(ge=0, le=1)
    analysis: str


class SoFar(Body):
    """What is known of an answer before the result of its session: each part from the end of its stage on."""

    transcript: Spoken | None = None
    """From the end of `transcribe`."""
    evaluation: Rated | None = None
    """From the end of `evaluate`."""
    findings: list[Finding] | None = None
    """From the end of `fuse`. What the answers of a session tell about each other comes with the result."""


class AssessedAnswer(Answer):
    """One answer of a session and what was made of it."""

    so_far: SoFar | None
    """What is known already; null once the result is published, which holds all of it."""
    result: dict[str, Any] | None
    """Its block of the result; null until the result is published.

    Without `evidence`: a named person opens that (`/evidence`), which is recorded. Findings are at `/findings`.
    """


class Answers(Body):
    """The answers of a session, in order."""

    answers: list[AssessedAnswer]


class Findings(Body):
    """The findings of a session, by answer and then by time."""

    findings: list[Finding]
