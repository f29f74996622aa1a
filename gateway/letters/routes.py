"""`/v1/sessions/{session_id}/letter`: what a candidate is written about their answers. A person reads and sends it."""

from __future__ import annotations

import asyncio
from email.utils import parseaddr
from typing import Any

from fastapi import APIRouter, Request, Response
from interview.jobs.v1 import jobs_service_pb2 as jobs_pb
from interview.letters.v1 import letters_service_pb2 as pb

from gateway.dependencies import Parts, PartsDep, PrincipalDep
from gateway.errors import mail_off, mail_refused
from gateway.invitations.smtp import send as send_mails
from gateway.invitations.wire import link_url
from gateway.letters.mailing import mailed
from gateway.letters.printing import letter_pdf
from gateway.letters.schemas import Letter, LetterText, NewLetter, Sending
from gateway.schemas import ErrorBody
from gateway.wire import body
from servicekit.errors import ServiceError, field_invalid

_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 404, 409)}
router = APIRouter(prefix="/v1/sessions/{session_id}", tags=["Letters (v1)"], responses=_REFUSED)
_printing = asyncio.Semaphore(2)
"""Letters at the same time; each takes a core."""


@router.get(
    "/letter",
    summary="The letter to a candidate",
    response_model=Letter,
    responses={204: {"description": "Nobody has drafted one."}},
)
async def get_letter(session_id: str, parts: PartsDep) -> Letter | Response:
    """As it stands: a draft, changed, or sent."""
    letter = await parts.letters.find(session_id)
    return Response(status_code=204) if letter is None else await _body(letter, parts)


@router.post("/letter:draft", summary="Draft a letter", status_code=201)
async def draft_letter(session_id: str, given: NewLetter, parts: PartsDep, principal: PrincipalDep) -> Letter:
    """Composed of the published result: per question what was heard, what answered it, what was missing, each in the
    candidate's own words. A draft that is there is replaced; one that was sent stays.
    """
    request = pb.DraftLetterRequest(
        session_id=session_id,
        language_code=given.language,
        author=principal.name or given.author,
        name_points=given.name_points,
    )
    return await _body(await parts.letters.draft(request), parts)


@router.put("/letter", summary="Change a letter")
async def edit_letter(session_id: str, given: LetterText, parts: PartsDep, principal: PrincipalDep) -> Letter:
    """Record what a person made of it."""
    request = pb.EditLetterRequest(
        session_id=session_id, revision=given.revision, text=given.text, author=principal.name or given.author
    )
    return await _body(await parts.letters.edit(request), parts)


@router.post("/letter:send", summary="Send a letter", responses={503: {"model": ErrorBody}})
async def send_letter(
    session_id: str, given: Sending, request: Request, parts: PartsDep, principal: PrincipalDep
) -> Letter:
    """By mail (needs `GATEWAY_SMTP_HOST`), or record that a person passes it on by hand. Who did it and when stands in
    the audit, without the text. From then on the candidate can read it under their link.
    """
    wanted = pb.SendLetterRequest(
        session_id=session_id,
        revision=given.revision,
        sender=principal.name or given.sender,
        way=pb.LetterWay.Value(f"LETTER_WAY_{given.way.upper()}"),
    )
    if given.way == "mail":
        await _mail(wanted, given.email, parts, parts.base_url(request))
    return await _body(await parts.letters.send(wanted), parts)


@router.get(
    "/letter.pdf",
    summary="The letter as a PDF",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def print_letter(session_id: str, parts: PartsDep) -> Response:
    """As it stands; to print, or to pass on by one's own mail."""
    letter = await parts.letters.get(session_id)
    title = await _title(session_id, parts)
    date = f"{letter.send_time.ToDatetime():%Y-%m-%d}" if letter.HasField("send_time") else ""
    async with _printing:
        content = await asyncio.to_thread(letter_pdf, letter.text, letter.language_code, title, date)
    headers = {"Content-Disposition": f'inline; filename="letter-{session_id[:8]}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


async def _mail(wanted: pb.SendLetterRequest, email: str, parts: Parts, base_url: str) -> None:
    """Write to the candidate. Raises MAIL_OFF, FIELD_INVALID without an address, MAIL_REFUSED, UPSTREAM_DOWN."""
    if not parts.settings.smtp_host:
        raise mail_off()
    invitation = await _invitation(wanted.session_id, parts)
    to = email.strip() or (invitation.email if invitation else "")
    if "@" not in parseaddr(to)[1] or parseaddr(to)[1] != to:
        raise field_invalid("email", "must be an e-mail address: the invitation has none")
    check = pb.SendLetterRequest()
    check.CopyFrom(wanted)
    check.validate_only = True
    letter = await parts.letters.send(check)
    link = _link(invitation, parts, base_url) if letter.under_link else ""
    mail = mailed(letter.text, letter.language_code, to, await _title(wanted.session_id, parts), link)
    if not all(await send_mails([mail], parts.settings)):
        raise mail_refused()


def _link(invitation: jobs_pb.Invitation | None, parts: Parts, base_url: str) -> str:
    """The candidate's own link, where it can still be made."""
    if invitation is None:
        return ""
    try:
        return link_url(invitation, parts.settings.signing_secret, base_url)
    except ServiceError as error:
        if error.reason != "LINK_CHANGED":
            raise
        return ""


async def _invitation(session_id: str, parts: Parts) -> jobs_pb.Invitation | None:
    job_id = (await parts.sessions.get(session_id)).job_id
    try:
        return await parts.jobs.invitation(job_id, session_id, "") if job_id else None
    except ServiceError as error:
        if error.reason != "INVITATION_NOT_FOUND":
            raise
        return None


async def _title(session_id: str, parts: Parts) -> str:
    """Of the session's job; empty without."""
    session = await parts.sessions.get(session_id)
    return (await parts.jobs.get(session.job_id, "", session.job_version)).title if session.job_id else ""


async def _body(letter: pb.Letter, parts: Parts) -> Letter:
    invitation = await _invitation(letter.session_id, parts)
    ways = {pb.LETTER_WAY_MAIL: "mail", pb.LETTER_WAY_BY_HAND: "by_hand"}
    return body(
        Letter,
        letter,
        language=letter.language_code,
        way=ways.get(letter.way, ""),
        email=invitation.email if invitation else "",
        mail=bool(parts.settings.smtp_host),
    )
