"""Answers and findings between a session, its result and REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from gateway.schemas import Answer, Body, Session

Severity = Literal["info", "review", "serious"]


class AssessedAnswer(Answer):
    """One answer of a session and what was made of it."""

    result: dict[str, Any] | None
    """Its block of the result; null until the result is published.

    Without `evidence`: a named person opens that (`/evidence`), which is recorded. Findings are at `/findings`.
    """


class Answers(Body):
    """The answers of a session, in order."""

    answers: list[AssessedAnswer]


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


class Findings(Body):
    """The findings of a session, by answer and then by time."""

    findings: list[Finding]


def assessed_answers(session: Session, result: dict[str, Any] | None) -> list[AssessedAnswer]:
    """Every answer with its block of the result, if there is one."""
    blocks = [_shown(item["result"]) for item in result["content"]] if result else []
    blocks += [None] * (len(session.answers) - len(blocks))
    return [AssessedAnswer(**dict(answer), result=blocks[place]) for place, answer in enumerate(session.answers)]


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
