"""`GET /v1/sessions/{session_id}/events`: the status on every change, as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Request
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse

from gateway.dependencies import PartsDep
from gateway.schemas import ErrorBody
from gateway.sessions.wire import status_body
from servicekit.errors import ServiceError, upstream_down
from servicekit.telemetry.logs import get_logger

log = get_logger()
router = APIRouter(tags=["Sessions"])

HEARTBEAT_S = 15
RETRY_MS = 2000


@router.get(
    "/v1/sessions/{session_id}/events",
    summary="Follow a session",
    response_class=EventSourceResponse,
    responses={404: {"model": ErrorBody}},
)
async def events(session_id: str, request: Request, parts: PartsDep) -> EventSourceResponse:
    """Server-sent events named `session` whose data is the body of `/status/{session_id}`; a comment every 15 s.

    The stream ends when the session has ended and no translation follows (`translating` is absent). If it ends before,
    connect again.
    """
    sessions = parts.sessions.watch(session_id)
    first = await anext(sessions, None)  # before the headers, so that an unknown session is a plain 404
    if first is None:
        raise upstream_down("The orchestrator")
    return EventSourceResponse(_events(first, sessions, parts.base_url(request)), ping=HEARTBEAT_S)


async def _events(
    first: pb.Session, sessions: AsyncGenerator[pb.Session], base_url: str
) -> AsyncIterator[ServerSentEvent]:
    try:
        async with aclosing(sessions):
            yield _event(first, base_url)
            async for session in sessions:
                yield _event(session, base_url)
    except ServiceError as error:
        # The headers are sent; the client sees the end of a stream whose session has not ended, and reconnects.
        log.warning("watch broke off", session_id=first.session_id, reason=error.reason)


def _event(session: pb.Session, base_url: str) -> ServerSentEvent:
    body = status_body(session, base_url)
    return ServerSentEvent(body.model_dump_json(exclude_unset=True), event="session", retry=RETRY_MS)
