"""`/v1/sessions/{session_id}`: the shortlist and comments. They decide nothing; a person's review does."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access.principal import Principal
from gateway.dependencies import PartsDep, PrincipalDep
from gateway.notes.schemas import Comment, Comments, NewComment, Shortlisting
from gateway.schemas import ErrorBody
from gateway.sessions.schemas import Session
from gateway.sessions.wire import session_body
from gateway.wire import body

_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 404)}
router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["Notes (v1)"], responses=_REFUSED)


@router.put("/shortlist", summary="Put on the shortlist or take off it")
async def set_shortlisted(
    session_id: str, given: Shortlisting, request: Request, parts: PartsDep, principal: PrincipalDep
) -> Session:
    """Who did it and when stands in the audit."""
    actor = principal.name or given.actor
    session = await parts.notes.set_shortlisted(session_id, given.shortlisted, actor)
    return session_body(session, parts.base_url(request))


@router.get("/comments", summary="Comments on a session")
async def list_comments(session_id: str, parts: PartsDep, principal: PrincipalDep) -> Comments:
    """Oldest first; there are 200 at most."""
    found = await parts.notes.list(session_id)
    return Comments(comments=[_comment(comment, principal) for comment in found])


@router.post("/comments", summary="Comment on a session", status_code=201)
async def add_comment(session_id: str, given: NewComment, parts: PartsDep, principal: PrincipalDep) -> Comment:
    """For those who see the session; candidates do not. It goes with the session."""
    request = pb.AddCommentRequest(
        session_id=session_id, author=principal.name or given.author, author_id=principal.id, text=given.text
    )
    return _comment(await parts.notes.add(request), principal)


@router.delete("/comments/{comment_id}", summary="Delete a comment", status_code=204)
async def delete_comment(
    session_id: str,
    comment_id: str,
    parts: PartsDep,
    principal: PrincipalDep,
    actor: Annotated[
        str, Query(max_length=200, description="Name of the person who deletes it; with sign-in it is theirs.")
    ] = "",
) -> Response:
    """One's own; with the scope `admin` anybody's."""
    request = pb.DeleteCommentRequest(
        session_id=session_id, comment_id=comment_id, actor=principal.name or actor, author_id=_only(principal)
    )
    await parts.notes.delete(request)
    return Response(status_code=204)


def _only(principal: Principal) -> str:
    """Whose comments may be deleted; empty: whoever's."""
    return "" if "admin" in principal.scopes else principal.id


def _comment(comment: pb.Comment, principal: Principal) -> Comment:
    return body(Comment, comment, deletable=_only(principal) in ("", comment.author_id))
