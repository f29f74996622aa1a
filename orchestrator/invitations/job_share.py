"""What a session takes from its job."""

from __future__ import annotations

from interview.jobs.v1 import jobs_service_pb2 as jobs_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.invitations.store import InvitationStore
from orchestrator.jobs.store import JobStore
from orchestrator.sessions.store import SessionStore
from servicekit.errors import ServiceError


class JobShare:
    """Fills requests for sessions with what their job says."""

    def __init__(self, jobs: JobStore, invitations: InvitationStore, sessions: SessionStore) -> None:
        """Which version of the job holds is known from the session that is there, or from its invitation."""
        self._jobs, self._invitations, self._sessions = jobs, invitations, sessions

    async def filled(self, request: pb.CreateSessionRequest) -> tuple[pb.CreateSessionRequest, int]:
        """The request with what is its job's, and the version of that; 0 without a job. Raises JOB_NOT_FOUND.

        That version stays as it is from now on.
        """
        if not request.job_id:
            return request, 0
        job = await self._jobs.freeze(request.job_id, await self._version(request))
        found = pb.CreateSessionRequest()
        found.CopyFrom(request)
        found.language_code = request.language_code or job.content.language_code
        found.policy, found.rubric = request.policy or job.content.policy, request.rubric or job.content.rubric
        found.webhook_url = request.webhook_url or job.row.webhook_url
        asked = {question.text: question for question in job.content.questions}
        for answer in found.answers:
            _fill(answer, asked.get(answer.question.strip()))
        return found, job.version.version

    async def _version(self, request: pb.CreateSessionRequest) -> int:
        recorded = await self._sessions.get(request.session_id) if request.session_id else None
        if recorded is not None and recorded.job_id == request.job_id:
            return recorded.job_version
        try:
            return (await self._invitations.get(request.session_id, request.job_id)).row.job_version or 0
        except ServiceError as error:
            if error.reason != "INVITATION_NOT_FOUND":
                raise
            return 0  # handed in by whoever has the recordings already


def _fill(answer: pb.NewAnswer, question: jobs_pb.Question | None) -> None:
    if question is not None:
        answer.reference = answer.reference or question.reference
        answer.rubric = answer.rubric or question.rubric
