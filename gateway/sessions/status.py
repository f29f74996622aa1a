"""`GET /status/{session_id}`: where a session stands, in the original's words."""

from __future__ import annotations

from typing import Any

import grpc
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway.dependencies import PartsDep
from gateway.sessions.schemas import NotFound, Status
from gateway.sessions.wire import status_body
from servicekit.errors import ServiceError

router = APIRouter(tags=["Sessions"])


@router.get(
    "/status/{session_id}",
    summary="Where a session stands",
    response_model=Status,
    response_model_exclude_unset=True,
    responses={404: {"model": NotFound}},
)
async def status(session_id: str, request: Request, parts: PartsDep) -> Any:
    """`downloading` or `processing` with progress, `completed` with where to go, or `error` with the reason."""
    try:
        session = await parts.sessions.get(session_id)
    except ServiceError as error:
        if error.code == grpc.StatusCode.NOT_FOUND and error.reason != "SESSION_DELETED":
            return JSONResponse(NotFound().model_dump(), 404)
        raise
    return status_body(session, parts.base_url(request))
