"""`/v1/sessions/{session_id}`: evidence, decision, objection and audit. Only a person's review is a decision."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.reviews.schemas import Audit, Contest, NewReview
from gateway.reviews.wire import audit_body, review_message
from gateway.schemas import MAX_INDEX, ErrorBody
from gateway.sessions.schemas import Session
from gateway.sessions.wire import session_body

router = APIRouter(
    prefix="/v1/sessions/{session_id}",
    tags=["Review (v1)"],
    responses={400: {"model": ErrorBody}, 404: {"model": ErrorBody}},
)


@router.get("/answers/{index}/evidence", summary="Open an answer's evidence")
async def open_evidence(
    session_id: str,
    index: Annotated[int, Path(ge=0, le=MAX_INDEX, description="Place of the answer in the session, from 0.")],
    parts: PartsDep,
    principal: PrincipalDep,
    reviewer: Annotated[
        str, Query(max_length=200, description="Name of the person who looks; with sign-in it is theirs.")
    ] = "",
) -> dict[str, Any]:
    """One answer's block of the result. That this person has looked at it is recorded."""
    result = await parts.sessions.open_evidence(session_id, index, principal.name or reviewer)
    content = json.loads(await parts.store.read(result.uri))["content"]
    found: dict[str, Any] = content[index]
    return found


@router.post("/reviews", summary="Decide", status_code=201)
async def record_review(
    session_id: str, body: NewReview, request: Request, parts: PartsDep, principal: PrincipalDep
) -> Session:
    """Record a person's decision. Later ones supersede earlier ones, which stay in the audit.

    With sign-in the reviewer is who signed in, whatever the body says.
    """
    message = review_message(body)
    message.reviewer = principal.name or body.reviewer
    session = await parts.sessions.record_review(session_id, message)
    return session_body(session, parts.base_url(request))


@router.post("/contests", summary="Object to a decision", status_code=201)
async def contest(
    session_id: str, body: Contest, request: Request, parts: PartsDep, principal: PrincipalDep
) -> Session:
    """Record a candidate's objection: a person must look again and decide again."""
    actor = f"{body.actor} (recorded by {principal.name})" if principal.name else body.actor
    session = await parts.sessions.contest_review(session_id, actor, body.objection)
    return session_body(session, parts.base_url(request))


@router.get("/audit", summary="What was done")
async def audit(session_id: str, parts: PartsDep) -> Audit:
    """Every recorded action on the session and every decision, in order of time."""
    return audit_body(await parts.sessions.audit(session_id))
