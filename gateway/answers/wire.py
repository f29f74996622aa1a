"""Answers and findings between a session, its result and REST."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.answers.schemas import AssessedAnswer, Finding, Rated, SoFar, Spoken
from gateway.sessions.schemas import Answer


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
