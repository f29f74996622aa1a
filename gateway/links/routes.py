"""Links for candidates: made by recruiters, opened and used by candidates without an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from pydantic import ValidationError

from gateway.access.admission import InvitationDep, OpenedDep
from gateway.access.invitation import Invitation
from gateway.consents.asked import asked_of
from gateway.consents.offer import laid_before, shown
from gateway.consents.schemas import Receipt
from gateway.dependencies import COUNTED_HERE, Parts, PartsDep, PrincipalDep
from gateway.errors import link_refused
from gateway.links.schemas import HandedIn, HandIn, Link, LinkPage, ListedLink, NewLink, Opened
from gateway.links.wire import add_notes, link_request, listed_link
from gateway.schemas import ErrorBody
from gateway.submissions.claim import taking
from gateway.submissions.form import check_length, discard, limited_body, received
from gateway.submissions.idempotency import Attempt
from gateway.submissions.multipart import FormReader
from gateway.submissions.request import UploadForm, new_session_id, upload_request
from gateway.uploads.recording import MAX_NAME_CHARS
from servicekit.errors import ServiceError, field_invalid

router = APIRouter(prefix="/v1", tags=["Candidates' links (v1)"], responses={400: {"model": ErrorBody}})
MAX_HAND_IN_BYTES = 64 << 10
OTHER_RECORDINGS = ("SESSION_EXISTS", "UPLOAD_NOT_FOUND", "UPLOAD_TAKEN", "UPLOAD_INCOMPLETE")
"""What a second hand-in under a link meets that is not the first one again."""


@router.post("/upload-links", summary="Make a link for a candidate", status_code=201)
async def make_link(body: NewLink, request: Request, parts: PartsDep, principal: PrincipalDep) -> Link:
    """A signed address under which one candidate hands in one video a question. It ends by itself and works once."""
    made = body.model_dump(exclude={"expires_hours"})
    made |= {"owner": principal.id, "organisation": principal.organisation}
    invitation = Invitation(session_id=new_session_id(), listed=True, **made)
    token, ends = invitation.token(parts.settings.signing_secret, timedelta(hours=body.expires_hours))
    await parts.sessions.create_link(link_request(invitation, token, ends))
    # After the #, which browsers send to nobody: no log holds it.
    url = f"{parts.base_url(request)}/candidate.html#{token}"
    return Link(url=url, session_id=invitation.session_id, expire_time=ends)


@router.get("/upload-links", summary="List candidates' links")
async def list_links(
    parts: PartsDep,
    principal: PrincipalDep,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
    page_token: Annotated[str, Query(max_length=200, description="`next_page_token` of the page before.")] = "",
) -> LinkPage:
    """The links that were made, newest first, until 30 days after they have ended; without the candidates."""
    owner = principal.id if parts.guard.restricted(principal) else ""
    request = pb.ListLinksRequest(page_size=page_size, page_token=page_token, owner=owner)
    found = await parts.sessions.links(request)
    return LinkPage(links=[listed_link(link) for link in found.links], next_page_token=found.next_page_token)


@router.post(
    "/upload-links/{link_id}:revoke",
    summary="End a candidate's link",
    responses={404: {"model": ErrorBody}},
)
async def revoke_link(link_id: str, parts: PartsDep, principal: PrincipalDep) -> ListedLink:
    """Nothing can be handed in under it any more, half a minute later at most. What was handed in stays."""
    owner = principal.id if parts.guard.restricted(principal) else ""
    return listed_link(await parts.sessions.revoke_link(link_id, owner))


@router.get("/upload-link", summary="Open a link", responses={401: {"model": ErrorBody}})
async def open_link(
    parts: PartsDep,
    found: OpenedDep,
    language: Annotated[str, Query(max_length=2, description="Of the texts; the link's own without.")] = "",
) -> Opened:
    """What the link's candidate is asked for, told and asked to agree to, and whether they have."""
    invitation, ends = found
    asked = await asked_of(invitation, parts)
    texts = await laid_before(parts, language or asked.language, asked)
    return Opened(
        candidate_name=asked.candidate_name,
        title=asked.title,
        language=asked.language,
        questions=list(asked.questions),
        expire_time=ends,
        audio_only=asked.audio_only,
        signals=list(asked.signals),
        used=await parts.sessions.exists(invitation.session_id),
        kept_hours=parts.settings.upload_lifetime_hours,
        information=shown(texts.information),
        consent=shown(texts.consent),
        pledge=texts.pledge,
        receipt=await parts.consents.find(invitation.session_id),
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
    `/v1/upload-link/uploads` and named in JSON. Works once; sent again because no answer came, it
    changes nothing.
    """
    attempt = await Attempt.at(invitation.session_id, parts.sessions)
    try:
        return await _handed_in(request, parts, invitation, attempt)
    except ServiceError as error:
        if attempt.replayed and error.reason in OTHER_RECORDINGS:
            raise link_refused("The recordings have already been submitted. Thank you.") from None
        raise


async def _handed_in(request: Request, parts: Parts, invitation: Invitation, attempt: Attempt) -> HandedIn:
    if request.headers.get("content-type", "").startswith("application/json"):
        return await _uploaded(invitation, attempt, await _named(request), parts)
    try:
        check_length(request, parts)
        reader = FormReader(request.headers.get("content-type", ""), request.stream())
        form = await received(reader, attempt, parts)
        if not attempt.replayed:
            await _check_takes(invitation, parts)
        return await _started(invitation, attempt, form, parts)
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
        if invitation.job_id and any(video.question != i for i, video in enumerate(videos)):
            raise field_invalid("upload_ids", "must be in the order of the questions that they were uploaded for")
        return await _started(invitation, attempt, UploadForm(videos=videos), parts)


async def _check_takes(invitation: Invitation, parts: Parts) -> None:
    """Files that come with the hand-in itself are a take of every question. Raises RETAKES_USED."""
    for i, question in enumerate((await asked_of(invitation, parts)).questions):
        if question.retakes is not None:
            await parts.takes.check(f"link:{invitation.session_id}", i, question.retakes)


async def _started(invitation: Invitation, attempt: Attempt, form: UploadForm, parts: Parts) -> HandedIn:
    asked, receipt = await asked_of(invitation, parts), await parts.consents.find(invitation.session_id)
    form.fields = {
        "candidate_name": [asked.candidate_name],
        "language": [asked.language],
        "question": [question.text for question in asked.questions],
        "policy": [invitation.policy],
        "rubric": [invitation.rubric],
        "consent_reference": [_consent(asked.consent_reference, receipt)],
        "job_id": [invitation.job_id],
    }
    created = upload_request(attempt.session_id, form, parts.settings.max_question_chars)
    created.owner = invitation.owner
    for answer, video in zip(created.answers, form.videos, strict=True):
        add_notes(answer, video.page, asked.signals)
    await attempt.hand_in(parts.sessions, created)
    await parts.takes.forget(f"link:{invitation.session_id}")
    if receipt is not None:
        await parts.consents.hand_over(receipt)
    return HandedIn(videos=len(form.videos))


def _consent(reference: str, receipt: Receipt | None) -> str:
    """Where to find the consent: what the recruiter wrote, and the candidate's own act, which lies with the session."""
    given = [reference, receipt.reference if receipt is not None else ""]
    both = "; ".join(each for each in given if each)
    return both if len(both) <= MAX_NAME_CHARS else reference
