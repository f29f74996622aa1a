"""Answers and findings between a session, its result and REST."""

from __future__ import annotations

from typing import Any

from gateway.answers.schemas import AssessedAnswer, Finding, Rated, SoFar, Spoken
from gateway.published import Finding as FoundFinding
from gateway.sessions.schemas import Answer
from servicekit.scores.rounding import whole


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
        total=whole(evaluation["total"]),
        ratings={rating["criterion"]: whole(rating["score"]) for rating in evaluation["ratings"]},
        confidence=evaluation["confidence"],
        analysis=evaluation["analysis"],
    )


def finding_body(index: int, finding: FoundFinding, artefacts_url: str) -> Finding:
    """A finding whose picture has its address; `artefacts_url` has no slash at its end."""
    still_url = f"{artefacts_url}/{finding.still}" if finding.still else None
    return Finding(**finding.model_dump(exclude={"still"}), answer_index=index, still_url=still_url)


def _shown(block: dict[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in block.items() if name != "evidence"}
