"""Translations between a session, its result and REST."""

from __future__ import annotations

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.published import AnswerResult
from gateway.sessions.wire import stage_body
from gateway.translations.schemas import Translation


def translation_body(stage: pb.Stage, result: AnswerResult) -> Translation:
    """Where a translation stands, and what it says."""
    shown = stage_body(stage)
    found = shown.state == "completed"
    made_by = result.provenance.translation
    return Translation(
        state=shown.state,
        language=result.other_language,
        text=result.translated if found else None,
        grade=made_by.grade if found and made_by else None,
        mismatches=result.evidence.translation_mismatches if found else [],
        error=shown.error,
    )
