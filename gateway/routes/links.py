"""Links for candidates: made by recruiters, opened and used by candidates without an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Request
from pydantic import Field, ValidationError

from gateway.access.links import Invitation
from gateway.dependencies import Parts, PartsDep, PrincipalDep
from gateway.errors import link_refused
from gateway.idempotency import Attempt, exists
from gateway.multipart import FormReader
from gateway.receiving import COUNTED_HERE, check_length, discard, limited_body, received
from gateway.schemas import Body, ErrorBody
from gateway.submission import UploadForm, new_session_id, upload_request
from gateway.taking import taking
from servicekit.errors import field_invalid

router = APIRouter(prefix="/v1", tags=["Candidates' links (v1)"], responses={400: {"model": ErrorBody}})
MAX_HOURS = 24 * 90
MAX_HAND_IN_BYTES = 64 << 10

Authorization = Annotated[str, Header(description="`Bearer`, a space, and what stands in the link after `#`.")]


async def opened(parts: PartsDep, authorization: Authorization = "") -> tuple[Invitation, datetime]:
    """The invitation behind a link and when it ends. Raises LINK_REFUSED."""
    return Invitation.read(authorization.removeprefix("Bearer ").strip(), parts.settings.signing_secret)


OpenedDep = Annotated[tuple[Invitation, datetime], Depends(opened)]


async def _invitation(found: OpenedDep) -> Invitation:
    return found[0]


InvitationDep = Annotated[Invitation, Depends(_invitation)]
"""What the caller was invited to. Raises LINK_REFUSED."""


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


class HandIn(Body):
    """Finished uploads, one for each question, in their order."""

    upload_ids: list[Annotated[str, Field(max_length=32)]] = Field(min_length=1, max_length=20)


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
async def open_link(parts: PartsDep, found: OpenedDep) -> Opened:
    """What the link's candidate is asked for."""
    invitation, ends = found
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
    max_body_size=COUNTED_HERE,
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
                },
                "application/json": {"schema": HandIn.model_json_schema()},
            },
        }
    },
)
async def hand_in(request: Request, parts: PartsDep, invitation: InvitationDep) -> HandedIn:
    """One video for each question, in their order: in the field `videos` of a form, or uploaded before under
    `/v1/upload-link/uploads` and named in JSON. Works once.
    """
    if await exists(invitation.session_id, parts.sessions):
        raise link_refused("The recordings were handed in already. Thank you.")
    attempt = Attempt(invitation.session_id, replayed=False)
    if request.headers.get("content-type", "").startswith("application/json"):
        return await _uploaded(invitation, attempt, await _named(request), parts)
    try:
        check_length(request, parts)
        reader = FormReader(request.headers.get("content-type", ""), request.stream())
        return await _started(invitation, attempt, await received(reader, attempt, parts), parts)
    except BaseException:
        await discard(parts.store, attempt)
        raise


async def _named(request: Request) -> HandIn:
    try:
        return HandIn.model_validate_json(await limited_body(request, MAX_HAND_IN_BYTES))
    except ValidationError as error:
        raise field_invalid("upload_ids", error.errors(include_input=False)[0]["msg"]) from None


async def _uploaded(invitation: Invitation, attempt: Attempt, body: HandIn, parts: Parts) -> HandedIn:
    async with taking(parts.uploads, f"link:{invitation.session_id}", attempt) as taken:
        videos = [await taken.video(upload_id, i) for i, upload_id in enumerate(body.upload_ids)]
        return await _started(invitation, attempt, UploadForm(videos=videos), parts)


async def _started(invitation: Invitation, attempt: Attempt, form: UploadForm, parts: Parts) -> HandedIn:
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
    return HandedIn(videos=len(form.videos))
