"""`/v1/jobs/{job_id}/invitations`: invite candidates, write to them, see how far they are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from interview.jobs.v1 import jobs_service_pb2 as pb

from gateway.dependencies import PartsDep, PrincipalDep
from gateway.errors import mail_off
from gateway.invitations import roster
from gateway.invitations.mailing import sent_mails
from gateway.invitations.schemas import (
    CandidateList,
    CheckedList,
    Invitation,
    InvitationLink,
    InvitationPage,
    Invitations,
    Longer,
    NewInvitations,
    SentList,
    ToSend,
)
from gateway.invitations.wire import invitation_body, link_url, new_invitations
from gateway.schemas import ErrorBody
from servicekit.errors import field_invalid
from servicekit.wire import timestamp

_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 404)}
router = APIRouter(prefix="/v1/jobs/{job_id}/invitations", tags=["Invitations (v1)"], responses=_REFUSED)
State = Literal["", "created", "sent", "opened", "started", "handed_in", "expired", "revoked"]


@router.get("", summary="List a job's invitations")
async def list_invitations(
    job_id: str,
    parts: PartsDep,
    principal: PrincipalDep,
    state: Annotated[State, Query(description="Only those that stand here.")] = "",
    page_size: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    page_token: Annotated[str, Query(max_length=500, description="`next_page_token` of the page before.")] = "",
) -> InvitationPage:
    """Who was invited and how far they are, newest first, until 30 days after their link has ended."""
    request = pb.ListInvitationsRequest(
        job_id=job_id,
        page_size=page_size,
        page_token=page_token,
        state=pb.InvitationState.Value(f"INVITATION_STATE_{state.upper() or 'UNSPECIFIED'}"),
        owner=parts.guard.own(principal),
    )
    page = await parts.jobs.invitations(request)
    return InvitationPage(
        invitations=[invitation_body(found) for found in page.invitations],
        next_page_token=page.next_page_token,
        mail=bool(parts.settings.smtp_host),
    )


@router.post("", summary="Invite candidates", status_code=201)
async def invite(job_id: str, body: NewInvitations, parts: PartsDep, principal: PrincipalDep) -> Invitations:
    """All of them or, where something is wrong with one, none. Nobody is written to yet: see `:send` and `:link`."""
    request = pb.CreateInvitationsRequest(
        job_id=job_id,
        candidates=new_invitations(body.candidates, job_id, principal.id, parts.settings.signing_secret),
        expire_time=timestamp(body.expire_time),
        owner=principal.id,
        job_owner=parts.guard.own(principal),
    )
    made = await parts.jobs.invite(request)
    for wrong in made.problems:
        text = roster.problem(wrong.index, wrong.reason).message  # type: ignore[arg-type]
        raise field_invalid(f"candidates.{wrong.index}", text)
    return Invitations(invitations=[invitation_body(found) for found in made.invitations])


@router.post(":check", summary="Look through a list of candidates")
async def check_list(job_id: str, body: CandidateList, parts: PartsDep, principal: PrincipalDep) -> CheckedList:
    """Who stands in a CSV file, and what is wrong with which line. Nobody is invited by this."""
    found = roster.read(body.csv)
    problems: list[pb.InvitationProblem] = []
    if found.candidates:
        request = pb.CreateInvitationsRequest(
            job_id=job_id,
            candidates=new_invitations(found.candidates, job_id, principal.id, parts.settings.signing_secret),
            validate_only=True,
            owner=principal.id,
            job_owner=parts.guard.own(principal),
        )
        problems.extend((await parts.jobs.invite(request)).problems)
    return CheckedList(candidates=found.candidates, problems=found.located(problems))


@router.post(":send", summary="Mail invitations or reminders", responses={503: {"model": ErrorBody}})
async def send(job_id: str, body: ToSend, request: Request, parts: PartsDep, principal: PrincipalDep) -> SentList:
    """To candidates with an address whose link still works. Needs a mail server (`GATEWAY_SMTP_HOST`)."""
    if not parts.settings.smtp_host:
        raise mail_off()
    owner = parts.guard.own(principal)
    wanted = [await parts.jobs.invitation(job_id, found, owner) for found in dict.fromkeys(body.invitation_ids)]
    job = await parts.jobs.get(job_id, owner)
    return SentList(mails=await sent_mails(wanted, job, body.reminder, parts, parts.base_url(request)))


@router.post("/{invitation_id}:link", summary="A candidate's link")
async def give_link(
    job_id: str, invitation_id: str, request: Request, parts: PartsDep, principal: PrincipalDep
) -> InvitationLink:
    """The address, to be passed on by hand; the invitation counts as sent from now on."""
    found = await parts.jobs.invitation(job_id, invitation_id, parts.guard.own(principal))
    url = link_url(found, parts.settings.signing_secret, parts.base_url(request))
    given = invitation_body(await parts.jobs.record(invitation_id, pb.INVITATION_EVENT_SENT))
    return InvitationLink(url=url, expire_time=given.expire_time)


@router.post("/{invitation_id}:prolong", summary="Prolong an invitation")
async def prolong(
    job_id: str, invitation_id: str, body: Longer, parts: PartsDep, principal: PrincipalDep
) -> Invitation:
    """The same link works until then; one that has ended opens again, half a minute later at most."""
    request = pb.ProlongInvitationRequest(
        job_id=job_id,
        invitation_id=invitation_id,
        expire_time=timestamp(body.expire_time),
        owner=parts.guard.own(principal),
    )
    return invitation_body(await parts.jobs.prolong(request))


@router.post("/{invitation_id}:revoke", summary="Withdraw an invitation")
async def revoke(job_id: str, invitation_id: str, parts: PartsDep, principal: PrincipalDep) -> Invitation:
    """Nothing can be handed in under its link any more, half a minute later at most. What was handed in stays."""
    return invitation_body(await parts.jobs.revoke(job_id, invitation_id, parts.guard.own(principal)))
