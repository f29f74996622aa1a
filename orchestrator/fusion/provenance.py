"""Which models are behind an answer."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from orchestrator.evidence import AnswerEvidence, Attribution, Evaluation, Translation
from orchestrator.fusion.blocks.provenance import JudgedBy, Provenance, TranslatedBy


def provenance(answer: AnswerEvidence) -> Provenance:
    """The block `provenance` of one answer."""
    return Provenance(
        transcriber=answer.transcript.model if answer.transcript else None,
        vision=answer.vision.models if answer.vision else (),
        audio=answer.audio.models if answer.audio else (),
        judge=_judged_by(answer.evaluation) if answer.evaluation else None,
        translation=translated_by(answer.translation) if answer.translation else None,
    )


def translated_by(found: Translation) -> TranslatedBy:
    """Who translated, and how well."""
    return TranslatedBy(**_all(found.attribution), grade=found.grade)


def _judged_by(found: Evaluation) -> JudgedBy:
    return JudgedBy(
        **_all(found.attribution), rubric=found.rubric, rubric_sha256=found.rubric_sha256, samples=found.samples
    )


def _all(found: Attribution) -> dict[str, Any]:
    return {field.name: getattr(found, field.name) for field in fields(Attribution)}
