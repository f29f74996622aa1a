"""Invitations over gRPC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.invitations.candidates import problems
from orchestrator.invitations.states import Invited
from orchestrator.invitations.store import InvitationStore
from orchestrator.invitations.tables import InvitationRow
from orchestrator.invitations.wire import invitation_message
from orchestrator.jobs.store import JobStore, VersionedJob
from orchestrator.jobs.wire import job_message, moment
from orchestrator.links.identifiers import check_id, check_sha256
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.request import MAX_NAME, check_text, page_size
from orchestrator.sessions.search import composed
from orchestrator.sessions.wire import page_token, page_token_value
from servicekit.errors import ServiceError, field_invalid

MOST_CANDIDATES = 1000
MAX_URL = 2_000
USUAL = timedelta(days=14)
"""How long a link works unless it is said."""

_COLUMNS = {
    pb.INVITATION_EVENT_SENT: ("sent_at", False),
    pb.INVITATION_EVENT_REMINDED: ("reminded_at", True),
    pb.INVITATION_EVENT_STARTED: ("started_at", False),
}
"""Where an event's time is kept, and whether the last one counts instead of the first."""


class InvitationCalls:
    """Invites candidates to jobs and records how far they are."""

    def __init__(self, invitations: InvitationStore, jobs: JobStore) -> None:
        """Invitations are to these jobs."""
        self._invitations, self._jobs = invitations, jobs

    async def CreateInvitations(
        self, request: pb.CreateInvitationsRequest, context: Any
    ) -> pb.CreateInvitationsResponse:
        """Invite candidates, or say what is wrong with them."""
        job = await self._jobs.get(request.job_id, request.job_owner)
        ends = _end(request, job)
        check_text("owner", request.owner, 0, MAX_NAME)
        if not 1 <= len(request.candidates) <= MOST_CANDIDATES:
            raise field_invalid("candidates", f"needs 1 to {MOST_CANDIDATES}, got {len(request.candidates)}")
        wrong: list[pb.InvitationProblem] = []

        def check(invited: set[str]) -> bool:
            wrong.extend(problems(request.candidates, invited))
            return not wrong

        if request.validate_only:
            check(await self._invitations.addresses(job.row.id))
            return pb.CreateInvitationsResponse(problems=wrong)
        if (before := await self._before(request, job.row.id)) is not None:
            return pb.CreateInvitationsResponse(invitations=[invitation_message(before)])
        rows = _rows(request, job, ends)
        await self._invitations.create(rows, job.row.id, check)
        if wrong and (before := await self._before(request, job.row.id)) is not None:  # at the same time
            return pb.CreateInvitationsResponse(invitations=[invitation_message(before)])
        made = [] if wrong else await self._invitations.among([row.id for _, row in rows])
        return pb.CreateInvitationsResponse(invitations=map(invitation_message, made), problems=wrong)

    async def _before(self, request: pb.CreateInvitationsRequest, job_id: str) -> Invited | None:
        """The invitation that another system has asked for before, by the address that it wants to be told at."""
        urls = {candidate.callback_url for candidate in request.candidates}
        if urls == {""}:
            return None
        if len(request.candidates) != 1 or any(not _is_url(url) for url in urls):
            raise field_invalid("candidates.callback_url", "must be one http or https address, of one candidate")
        return await self._invitations.told_at(job_id, *urls)

    async def ListInvitations(self, request: pb.ListInvitationsRequest, context: Any) -> pb.ListInvitationsResponse:
        """A page of a job's invitations, newest first."""
        size = page_size(request.page_size)
        if request.state not in pb.InvitationState.values():
            raise field_invalid("state", "must be one of its values")
        job = await self._jobs.get(request.job_id, request.owner)
        state = pb.InvitationState.Name(request.state).removeprefix("INVITATION_STATE_") if request.state else ""
        before = page_token_value(request.page_token)
        found = await self._invitations.page(job.row.id, size + 1, before, state)
        token = page_token(found[size - 1]) if len(found) > size else ""
        return pb.ListInvitationsResponse(invitations=map(invitation_message, found[:size]), next_page_token=token)

    async def GetInvitation(self, request: pb.GetInvitationRequest, context: Any) -> pb.GetInvitationResponse:
        """One invitation."""
        found = await self._invitations.get(request.invitation_id, request.job_id, request.owner)
        return pb.GetInvitationResponse(invitation=invitation_message(found))

    async def OpenInvitation(self, request: pb.OpenInvitationRequest, context: Any) -> pb.OpenInvitationResponse:
        """What a candidate is asked."""
        found, job = await self._invitations.open(request.invitation_id)
        return pb.OpenInvitationResponse(invitation=invitation_message(found), job=job_message(job))

    async def RecordInvitationEvent(
        self, request: pb.RecordInvitationEventRequest, context: Any
    ) -> pb.RecordInvitationEventResponse:
        """Record what happened."""
        if request.event not in _COLUMNS:
            raise field_invalid("event", "must be one of its values")
        found = await self._invitations.record(request.invitation_id, *_COLUMNS[request.event])
        return pb.RecordInvitationEventResponse(invitation=invitation_message(found))

    async def ProlongInvitation(
        self, request: pb.ProlongInvitationRequest, context: Any
    ) -> pb.ProlongInvitationResponse:
        """Have a link work for longer, or less long."""
        ends = _future(moment("expire_time", request.expire_time))
        found = await self._invitations.prolong(request.invitation_id, request.job_id, request.owner, ends)
        return pb.ProlongInvitationResponse(invitation=invitation_message(found))

    async def RevokeInvitation(self, request: pb.RevokeInvitationRequest, context: Any) -> pb.RevokeInvitationResponse:
        """End an invitation."""
        found = await self._invitations.revoke(request.invitation_id, request.job_id, request.owner)
        return pb.RevokeInvitationResponse(invitation=invitation_message(found))


def _is_url(text: str) -> bool:
    return len(text) <= MAX_URL and text.startswith(("https://", "http://"))


def _end(request: pb.CreateInvitationsRequest, job: VersionedJob) -> datetime:
    """When the links end: as asked for, but on the job's closing date at last. Raises JOB_CLOSED, FIELD_INVALID."""
    now, closes = datetime.now(UTC), job.row.closes_at
    if job.row.archived_at is not None or (closes is not None and closes <= now):
        message = "Nobody is invited to this job any more: it was put away, or its closing date is over."
        raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "JOB_CLOSED", message)
    ends = now + USUAL
    if request.HasField("expire_time"):
        ends = _future(moment("expire_time", request.expire_time))
    return min(ends, closes or ends)


def _future(ends: datetime) -> datetime:
    if ends <= datetime.now(UTC):
        raise field_invalid("expire_time", "must be in the future")
    return ends


def _rows(
    request: pb.CreateInvitationsRequest, job: VersionedJob, ends: datetime
) -> Sequence[tuple[LinkRow, InvitationRow]]:
    now = datetime.now(UTC)
    return [
        (_link(candidate, request.owner, now + timedelta(microseconds=place), ends), _row(candidate, job))
        for place, candidate in enumerate(request.candidates)  # apart by a microsecond: listed in their order
    ]


def _link(candidate: pb.NewInvitation, owner: str, now: datetime, ends: datetime) -> LinkRow:
    return LinkRow(
        id=check_id("candidates.invitation_id", candidate.invitation_id),
        token_sha256=check_sha256("candidates.token_sha256", candidate.token_sha256),
        owner=owner,
        created_at=now,
        expires_at=ends,
    )


def _row(candidate: pb.NewInvitation, job: VersionedJob) -> InvitationRow:
    return InvitationRow(
        id=candidate.invitation_id,
        job_id=job.row.id,
        candidate_name=composed(candidate.candidate_name),
        email=candidate.email.strip(),
        language=candidate.language_code or job.content.language_code,
        callback_url=candidate.callback_url,
    )
