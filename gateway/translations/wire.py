"""Translations between a session, its result and REST."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.sessions.wire import stage_body
from gateway.translations.schemas import Translation


def translation_body(stage: pb.Stage, block: dict[str, Any]) -> Translation:
    """Where a translation stands, and what it says; `block` is the answer's block of the result."""
    shown = stage_body(stage)
    found = shown.state == "completed"
    language = other_language(block)
    translated_by = block["provenance"]["translation"] or {}
    return Translation(
        state=shown.state,
        language=language,
        text=block[f"transkripsi_{language}"] if found else None,
        grade=translated_by.get("grade") if found else None,
        mismatches=block["evidence"]["translation_mismatches"] if found else [],
        error=shown.error,
    )


def other_language(block: dict[str, Any]) -> str:
    """The language that an answer is translated into."""
    heard = block["evidence"]["transcript"]
    return "en" if heard and heard["language"] == "id" else "id"
