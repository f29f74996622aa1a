"""Answers and findings between a session, its result and REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from gateway.schemas import Answer, Body

Severity = Literal["info", "review", "serious"]


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


def assessed_answer(answer: Answer, result: dict[str, Any] | None, so_far: SoFar | None) -> AssessedAnswer:
    """An answer with its block of the session's result if there is one, else what is known so far."""
    content = result["content"] if result else []
    block = _shown(content[answer.index]["result"]) if answer.index < len(content) else None
    return AssessedAnswer(**dict(answer), so_far=None if result else so_far, result=block)


def spoken(transcript: dict[str, Any]) -> Spoken:
    """From the orchestrator's artefact of the stage `transcribe`."""
    texts = (segment["text"].strip() for segment in transcript["segments"])
    known = {name: transcript[name] for name in ("language", "quality", "quality_reason")}
    return Spoken(text=" ".join(text for text in texts if text), **known)


def rated(evaluation: dict[str, Any]) -> Rated:
    """From the orchestrator's artefact of the stage `evaluate`."""
    if evaluation.get("unscored"):
        return Rated(total=None, ratings={}, confidence=0.0, analysis=evaluation["unscored"]["explanation"])
    return Rated(
        total=round(evaluation["total"]),
        ratings={rating["criterion"]: round(rating["score"]) for rating in evaluation["ratings"]},
        confidence=evaluation["confidence"],
        analysis=evaluation["analysis"],
    )


def findings(result: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every finding of a result with the place of its answer."""
    for index, item in enumerate(result.get("content", [])):
        for finding in (item["result"].get("evidence") or {}).get("findings", []):
            yield index, finding


def finding_body(index: int, finding: dict[str, Any], artefacts_url: str) -> Finding:
    """A finding whose picture has its address; `artefacts_url` has no slash at its end."""
    still = finding.get("still")
    return Finding(**finding, answer_index=index, still_url=f"{artefacts_url}/{still}" if still else None)


def _shown(block: dict[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in block.items() if name != "evidence"}
