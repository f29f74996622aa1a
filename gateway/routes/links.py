"""Links for candidates: made by recruiters, opened and used by candidates without an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request
from pydantic import Field

from gateway.access.links import Invitation
from gateway.dependencies import PartsDep, PrincipalDep
from gateway.errors import RequestError, link_refused
from gateway.idempotency import Attempt, exists
from gateway.multipart import FormReader
from gateway.receiving import check_length, discard, received
from gateway.schemas import Body, ErrorBody
from gateway.submission import new_session_id, upload_request
from servicekit.errors import field_invalid

router = APIRouter(prefix="/v1", tags=["Candidates' links (v1)"], responses={400: {"model": ErrorBody}})
MAX_HOURS = 24 * 90

Authorization = Annotated[str, Header(description="`Bearer`, a space, and what stands in the link after `#`.")]


class NewLink(Body):
    """What a candidate is asked to hand in."""

    candidate_name: str = Field(min_length=1, max_length=200)
    language: Literal["en", "id"] = "en"
    questions: list[Annotated[str, Field(min_length=1, max_length=2000)]] = Field(min_length=1, max_length=20)
    policy: str = Field(default="", max_length=64)
    rubric: str = Field(default="", max_length=64)
    consent_reference: str = Field(default="", max_length=200)
    expires_hours: int = Field(default=72, ge=1, le=MAX_HOURS)


class Link(Body):
    """A link for one candidate and one session."""

    url: str
    """To send to the candidate. Who has it can hand in recordings once, and see nothing."""
    session_id: str
    """The session that the recordings will become."""
    expire_time: datetime


class Opened(Body):
    """What the candidate sees."""

    candidate_name: str
    language: str
    questions: list[str]
    expire_time: datetime
    used: bool
    """Whether the recordings were handed in already."""


class HandedIn(Body):
    """Thank you."""

    videos: int


@router.post("/upload-links", summary="Make a link for a candidate", status_code=201)
async def make_link(body: NewLink, request: Request, parts: PartsDep, principal: PrincipalDep) -> Link:
    """A signed address under which one candidate hands in one video a question. It ends by itself and works once."""
    made = body.model_dump(exclude={"expires_hours"}) | {"questions": tuple(body.questions)}
    invitation = Invitation(session_id=new_session_id(), owner=principal.id, **made)
    token, ends = invitation.token(parts.settings.signing_secret, timedelta(hours=body.expires_hours))
    # After the #, which browsers send to nobody: no log holds it.
    url = f"{parts.base_url(request)}/candidate.html#{token}"
    return Link(url=url, session_id=invitation.session_id, expire_time=ends)


@router.get("/upload-link", summary="Open a link", responses={401: {"model": ErrorBody}})
async def open_link(parts: PartsDep, authorization: Authorization = "") -> Opened:
    """What the link's candidate is asked for."""
    invitation, ends = _invitation(authorization, parts)
    return Opened(
        candidate_name=invitation.candidate_name,
        language=invitation.language,
        questions=list(invitation.questions),
        expire_time=ends,
        used=await exists(invitation.session_id, parts.sessions),
    )


@router.post(
    "/upload-link",
    summary="Hand in under a link",
    responses={code: {"model": ErrorBody} for code in (401, 409, 413)},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["videos"],
                        "properties": {
                            "videos": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        },
                    }
                }
            },
        }
    },
)
async def hand_in(request: Request, parts: PartsDep, authorization: Authorization = "") -> HandedIn:
    """One video for each question, in the field `videos`, in their order. Works once."""
    invitation, _ = _invitation(authorization, parts)
    if await exists(invitation.session_id, parts.sessions):
        raise link_refused("The recordings were handed in already. Thank you.")
    attempt = Attempt(invitation.session_id, replayed=False)
    try:
        count = await _started(invitation, attempt, request, parts)
    except BaseException as error:
        await discard(parts.store, attempt)
        if isinstance(error, RequestError):
            raise field_invalid("videos", error.message) from None
        raise
    return HandedIn(videos=count)


async def _started(invitation: Invitation, attempt: Attempt, request: Request, parts: PartsDep) -> int:
    check_length(request, parts)
    reader = FormReader(request.headers.get("content-type", ""), request.stream())
    form = await received(reader, attempt, parts)
    form.fields = {
        "candidate_name": [invitation.candidate_name],
        "language": [invitation.language],
        "question": list(invitation.questions),
        "policy": [invitation.policy],
        "rubric": [invitation.rubric],
        "consent_reference": [invitation.consent_reference],
    }
    created = upload_request(attempt.session_id, form, parts.settings.max_question_chars)
    created.owner = invitation.owner
    await parts.sessions.create(created)
    return len(form.videos)


def _invitation(authorization: str, parts: PartsDep) -> tuple[Invitation, datetime]:
    return Invitation.read(authorization.removeprefix("Bearer ").strip(), parts.settings.signing_secret)
