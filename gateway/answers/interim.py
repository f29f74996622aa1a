"""What is known of an answer while its session runs, from the artefacts that the orchestrator has written so far."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import grpc
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.answers.schemas import SoFar
from gateway.answers.wire import finding_body, rated, spoken
from gateway.published import Finding
from servicekit.errors import ServiceError
from servicekit.media import MediaStore


async def so_far(store: MediaStore, session_id: str, answer: pb.Answer, artefacts_url: str) -> SoFar:
    """The parts of an answer whose stages have ended. A part that is deleted meanwhile is left out."""
    ended = {stage.name for stage in answer.stages if stage.state == pb.STAGE_STATE_COMPLETED}
    folder = f"sessions/{session_id}/{answer.index}"

    async def read(stage: str, name: str) -> Any:
        return await _read(store, f"{folder}/{name}") if stage in ended else None

    transcript, evaluation, found = await asyncio.gather(
        read("transcribe", "transcript.json"), read("evaluate", "evaluation.json"), read("fuse", "findings.json")
    )
    return SoFar(
        transcript=transcript and spoken(transcript),
        evaluation=evaluation and rated(evaluation),
        findings=None
        if found is None
        else [finding_body(answer.index, Finding(**one), artefacts_url) for one in found],
    )


async def _read(store: MediaStore, key: str) -> Any:
    try:
        return json.loads(await store.read(store.uri(key)))
    except ServiceError as error:
        if error.code == grpc.StatusCode.NOT_FOUND:
            return None
        raise
