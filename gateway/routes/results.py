"""`GET /results/{session_id}` and `.json`: the assessment."""

from __future__ import annotations

import grpc
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from gateway.dependencies import Parts, PartsDep
from gateway.schemas import ResultsNotFound
from servicekit.errors import ServiceError

router = APIRouter(tags=["Sessions"])


# The lower one is registered first, and it must be: the upper one also fits `….json`.
@router.get("/results/{session_id}", summary="The assessment", responses={404: {"model": ResultsNotFound}})
@router.get("/results/{session_id}.json", summary="The assessment", responses={404: {"model": ResultsNotFound}})
async def results(session_id: str, parts: PartsDep) -> Response:
    """The result as JSON: aggregates, and for each answer transcript, ratings, measurements and findings."""
    try:
        content = await _content(session_id, parts)
    except ServiceError as error:
        if error.code != grpc.StatusCode.NOT_FOUND:
            raise
        content = b""
    if not content:
        return JSONResponse(ResultsNotFound().model_dump(), 404)
    return Response(content, media_type="application/json")


async def _content(session_id: str, parts: Parts) -> bytes:
    session = await parts.sessions.get(session_id)
    return await parts.store.read(session.result.uri) if session.result.uri else b""
