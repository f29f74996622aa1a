"""`/v1/sessions`: list, look at, cancel, run again and delete sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.dependencies import Parts, PartsDep, PrincipalDep
from gateway.schemas import MAX_INDEX, ErrorBody
from gateway.sessions.schemas import Deleted, Session, SessionPage
from gateway.sessions.spreadsheet import HEAD, lines
from gateway.sessions.wire import session_body

router = APIRouter(prefix="/v1", tags=["Sessions (v1)"])
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": ErrorBody}}
CSV_PAGE = 100


def _filter(
    parts: PartsDep,
    principal: PrincipalDep,
    q: Annotated[str, Query(max_length=200, description="Part of the candidate's name or of the session's id.")] = "",
    state: Annotated[
        Literal["", "pending", "running", "completed", "failed", "cancelled"], Query(description="Only such sessions.")
    ] = "",
    review_state: Annotated[
        Literal["", "open", "decided", "contested"], Query(description="Only sessions whose decision stands so.")
    ] = "",
    job_id: Annotated[str, Query(max_length=200, description="Only sessions of this job.")] = "",
) -> pb.ListSessionsRequest:
    return pb.ListSessionsRequest(
        query=q,
        state=pb.SessionState.Value(f"SESSION_STATE_{state.upper() or 'UNSPECIFIED'}"),
        review_state=pb.ReviewState.Value(f"REVIEW_STATE_{review_state.upper() or 'UNSPECIFIED'}"),
        owner=parts.guard.own(principal),
        job_id=job_id,
    )


Wanted = Annotated[pb.ListSessionsRequest, Depends(_filter)]


@router.get("/sessions", summary="List sessions", responses={400: {"model": ErrorBody}})
async def list_sessions(
    request: Request,
    parts: PartsDep,
    wanted: Wanted,
    principal: PrincipalDep,
    page_size: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    page_token: Annotated[str, Query(max_length=500, description="`next_page_token` of the page before.")] = "",
) -> SessionPage:
    """Sessions, newest first. What was decided of those that are reviewed blind, reviewers see with each of them."""
    wanted.page_size, wanted.page_token = page_size, page_token
    page, base_url = await parts.sessions.list(wanted), parts.base_url(request)
    for session in page.sessions:
        if session.blind and parts.guard.rater(principal):
            session.ClearField("review")
    return SessionPage(
        sessions=[session_body(session, base_url) for session in page.sessions], next_page_token=page.next_page_token
    )


@router.get(
    "/sessions.csv",
    summary="Sessions as a table",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}, 400: {"model": ErrorBody}},
)
async def export_sessions(parts: PartsDep, wanted: Wanted, principal: PrincipalDep) -> StreamingResponse:
    """One line a session with its figures, proposal and decision, newest first; for spreadsheets.

    Reviewers get no figures of sessions that are reviewed blind.
    """
    headers = {"Content-Disposition": 'attachment; filename="sessions.csv"'}
    blind = bool(parts.guard.rater(principal))
    return StreamingResponse(_table(parts, wanted, blind), media_type="text/csv", headers=headers)


async def _table(parts: Parts, wanted: pb.ListSessionsRequest, blind: bool) -> AsyncIterator[str]:
    yield HEAD
    wanted.page_size = CSV_PAGE
    while True:
        page = await parts.sessions.list(wanted)
        yield await lines(page.sessions, parts.store, blind)
        if not page.next_page_token:
            return
        wanted.page_token = page.next_page_token


@router.get("/sessions/{session_id}", summary="One session", responses=NOT_FOUND)
async def get_session(session_id: str, request: Request, parts: PartsDep, principal: PrincipalDep) -> Session:
    """The session with its questions and the state of every stage."""
    session = await parts.sessions.get(session_id)
    if not await parts.guard.sees(session, principal):
        session.ClearField("review")
    return session_body(session, parts.base_url(request))


@router.post("/sessions/{session_id}:cancel", summary="Stop a session", responses=NOT_FOUND)
async def cancel_session(session_id: str, request: Request, parts: PartsDep) -> Session:
    """Stop a session that has not ended. Its recordings are deleted; what was finished stays."""
    return session_body(await parts.sessions.cancel(session_id), parts.base_url(request))


@router.post(
    "/sessions/{session_id}/answers/{index}/retry",
    summary="Run an answer again",
    status_code=202,
    responses={code: {"model": ErrorBody} for code in (400, 404)},
)
async def retry_answer(
    session_id: str,
    index: Annotated[int, Path(ge=0, le=MAX_INDEX, description="Place of the answer in the session, from 0.")],
    request: Request,
    parts: PartsDep,
) -> Session:
    """Run an answer again whose stages failed, with the recording that is kept for it. What ended well is not done
    again; the result is published again when it is ready. In a session that failed, all that is left to do is done.
    """
    return session_body(await parts.sessions.retry(session_id, index), parts.base_url(request))


@router.delete("/sessions/{session_id}", summary="Delete a session", responses=NOT_FOUND)
async def delete_session(session_id: str, parts: PartsDep) -> Deleted:
    """Stop a session if it runs and delete everything that is stored of it."""
    return Deleted(deleted_objects=await parts.sessions.delete(session_id))
