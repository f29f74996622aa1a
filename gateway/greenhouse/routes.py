"""`/v1/greenhouse`: the assessment-partner interface of Greenhouse Recruiting, off unless a key is set."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from interview.jobs.v1 import jobs_service_pb2 as jobs_pb

from gateway.audit.orchestrator import AuditChain
from gateway.dependencies import Parts, PartsDep
from gateway.greenhouse.results import complete_status, invited_status, working_status
from gateway.greenhouse.schemas import Noted, PartnerTest, ResponseError, SendTest, SentTest, TestStatus
from gateway.invitations import roster
from gateway.invitations.mailing import sent_mails
from gateway.invitations.schemas import Candidate
from gateway.invitations.wire import link_url, new_invitations
from gateway.published import Result
from gateway.schemas import ErrorBody
from servicekit.errors import ServiceError, field_invalid
from servicekit.telemetry.logs import get_logger

log = get_logger()
WHO = "greenhouse"
"""Who reads, in the audit."""
CALLS = ("list_tests", "send_test", "test_status", "response_error")
MOST_TESTS = 500
_REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": ErrorBody} for code in (400, 401, 404)}
router = APIRouter(prefix="/v1/greenhouse", tags=["Greenhouse (v1)"], responses=_REFUSED)


@router.get("/list_tests", summary="Jobs, as tests that can be sent")
async def list_tests(parts: PartsDep) -> list[PartnerTest]:
    """Every job that takes invitations, newest first."""
    found: list[PartnerTest] = []
    request = jobs_pb.ListJobsRequest(page_size=200)
    while len(found) < MOST_TESTS:
        page = await parts.jobs.list(request)
        found += [PartnerTest(partner_test_id=job.job_id, partner_test_name=job.title) for job in page.jobs]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    return found[:MOST_TESTS]


@router.post("/send_test", summary="Invite a candidate to a job")
async def send_test(body: SendTest, request: Request, parts: PartsDep) -> SentTest:
    """Invites them, mails the invitation where a mail server is set, and tells `url` when the result is there. The same
    request again (the same `url`) invites nobody twice.
    """
    job = await parts.jobs.get(body.partner_test_id, "")
    name = f"{body.candidate.first_name} {body.candidate.last_name}".strip()
    candidate = Candidate(candidate_name=name, email=body.candidate.email)
    [wanted] = new_invitations([candidate], job.job_id, job.owner, parts.settings.signing_secret)
    wanted.callback_url = body.url
    made = await parts.jobs.invite(
        jobs_pb.CreateInvitationsRequest(job_id=job.job_id, candidates=[wanted], owner=job.owner)
    )
    for wrong in made.problems:
        raise field_invalid("candidate", roster.problem(1, wrong.reason).message)  # type: ignore[arg-type]
    [invitation] = made.invitations
    url = link_url(invitation, parts.settings.signing_secret, parts.base_url(request))
    if not invitation.HasField("send_time"):
        await _mailed(invitation, job, parts, parts.base_url(request))
    return SentTest(partner_interview_id=invitation.invitation_id, partner_interview_url=url)


@router.get("/test_status", summary="How far a candidate is", response_model_exclude_none=True)
async def test_status(
    partner_interview_id: Annotated[str, Query(max_length=32)], request: Request, parts: PartsDep
) -> TestStatus:
    """`complete` once there is a result, with the score and what it means, and the candidate's page here."""
    session = await parts.sessions.find(partner_interview_id)
    if session is None:
        return invited_status(await parts.jobs.invitation("", partner_interview_id, ""))
    if not session.result.uri:
        return working_status(session)
    await AuditChain(parts.sessions).record_read(session.session_id, WHO, "result", None)
    result = Result.model_validate_json(await parts.store.read(session.result.uri))
    profile = f"{parts.base_url(request)}/halaman_dasboard.html?session={session.session_id}"
    return complete_status(session, result, profile)


@router.post("/response_error", summary="An answer that Greenhouse could not read")
async def response_error(body: ResponseError) -> Noted:
    """Noted in the log, without its words: they may hold addresses."""
    call = body.api_call if body.api_call in CALLS else "other"
    log.warning("greenhouse could not read an answer", api_call=call, errors=len(body.errors))
    return Noted()


async def _mailed(invitation: jobs_pb.Invitation, job: jobs_pb.Job, parts: Parts, base_url: str) -> None:
    """Write to the candidate, where mail is sent from here. A mail server that is away does not undo the invitation:
    the job's page shows it as not sent. Raises nothing of the mail server.
    """
    if not parts.settings.smtp_host:
        return
    try:
        await sent_mails([invitation], job, False, parts, base_url)
    except ServiceError as error:
        log.warning("invitation not mailed", reason=error.reason)
