"""`GET /results/{session_id}` and `.json`: the assessment."""

from __future__ import annotations

import grpc
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from gateway.dependencies import Parts, PartsDep
from gateway.http.conditional import NOT_MODIFIED, IfNoneMatch, etag, keeping, unchanged
from gateway.sessions.schemas import ResultsNotFound
from servicekit.errors import ServiceError

router = APIRouter(tags=["Sessions"])


_ANSWERS = {404: {"model": ResultsNotFound}} | NOT_MODIFIED


# The lower one is registered first, and it must be: the upper one also fits `….json`.
@router.get("/results/{session_id}", summary="The assessment", responses=_ANSWERS)
@router.get("/results/{session_id}.json", summary="The assessment", responses=_ANSWERS)
async def results(session_id: str, parts: PartsDep, if_none_match: IfNoneMatch = "") -> Response:
    """The result as JSON: aggregates, and for each answer transcript, ratings, measurements and findings."""
    try:
        return await _found(session_id, parts, if_none_match)
    except ServiceError as error:
        if error.code != grpc.StatusCode.NOT_FOUND or error.reason == "SESSION_DELETED":
            raise
        return _none()


async def _found(session_id: str, parts: Parts, if_none_match: str) -> Response:
    session = await parts.sessions.get(session_id)
    if not session.result.uri:
        return _none()
    tag = etag(session.result.sha256)
    if known := unchanged(tag, if_none_match):
        return known
    content = await parts.store.read(session.result.uri)
    return Response(content, media_type="application/json", headers=keeping(tag))


def _none() -> Response:
    return JSONResponse(ResultsNotFound().model_dump(), 404)
