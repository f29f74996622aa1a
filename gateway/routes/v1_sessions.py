"""`/v1/sessions`: list, look at, cancel and delete sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from gateway.dependencies import PartsDep
from gateway.schemas import Deleted, ErrorBody, Session, SessionPage
from gateway.status import session_body

router = APIRouter(prefix="/v1/sessions", tags=["Sessions (v1)"], responses={404: {"model": ErrorBody}})


@router.get("", summary="List sessions", responses={400: {"model": ErrorBody}})
async def list_sessions(
    request: Request,
    parts: PartsDep,
    page_size: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    page_token: Annotated[str, Query(max_length=500, description="`next_page_token` of the page before.")] = "",
) -> SessionPage:
    """Sessions, newest first."""
    page, base_url = await parts.sessions.list(page_size, page_token), parts.base_url(request)
    return SessionPage(
        sessions=[session_body(session, base_url) for session in page.sessions], next_page_token=page.next_page_token
    )


@router.get("/{session_id}", summary="One session")
async def get_session(session_id: str, request: Request, parts: PartsDep) -> Session:
    """The session with its questions and the state of every stage."""
    return session_body(await parts.sessions.get(session_id), parts.base_url(request))


@router.post("/{session_id}:cancel", summary="Stop a session")
async def cancel_session(session_id: str, request: Request, parts: PartsDep) -> Session:
    """Stop a session that has not ended. Its recordings are deleted; what was finished stays."""
    return session_body(await parts.sessions.cancel(session_id), parts.base_url(request))


@router.delete("/{session_id}", summary="Delete a session")
async def delete_session(session_id: str, parts: PartsDep) -> Deleted:
    """Stop a session if it runs and delete everything that is stored of it."""
    return Deleted(deleted_objects=await parts.sessions.delete(session_id))
