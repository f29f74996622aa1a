"""The client's calls about jobs and invitations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TypeVar, Unpack

from interview_client import calls
from interview_client.calls import Call
from interview_client.models import (
    Candidate,
    CheckedList,
    Invitation,
    InvitationLink,
    InvitationPage,
    Job,
    JobOptions,
    JobPage,
    JobQuestion,
    JobTemplate,
    Sent,
    TeamMember,
)

T = TypeVar("T")


class AsyncRecruiting(ABC):
    """Every method raises InterviewError with the server's own words."""

    @abstractmethod
    async def _send(self, call: Call[T]) -> T:
        """Send a request and read its answer."""

    async def jobs(self, archived: bool = False, page_size: int = 50, page_token: str = "") -> JobPage:
        """A page of jobs, newest first: those that were put away, or the others; `page_size` 1 to 200."""
        return await self._send(calls.jobs_call(archived, page_size, page_token))

    async def each_job(self, archived: bool = False, page_size: int = 100) -> AsyncIterator[Job]:
        """Every job, newest first, page after page as it is read."""
        page = await self.jobs(archived, page_size)
        for job in page.jobs:
            yield job
        while page.next_page_token:
            page = await self.jobs(archived, page_size, page.next_page_token)
            for job in page.jobs:
                yield job

    async def job(self, job_id: str, version: int = 0) -> Job:
        """One job as it is now (0), or as a version of it was."""
        return await self._send(calls.job_call(job_id, version))

    async def team(self, job_id: str) -> tuple[TeamMember, ...]:
        """Who sees a job beside admins and auditors, by name; nobody: everybody in the organisation."""
        return await self._send(calls.team_call(job_id))

    async def set_team(self, job_id: str, principals: Sequence[str]) -> tuple[TeamMember, ...]:
        """Limit a job to members (ids or e-mail addresses) and keys (`key:` and their id); none: open it."""
        return await self._send(calls.set_team_call(job_id, principals))

    async def job_templates(self) -> tuple[JobTemplate, ...]:
        """Jobs to start from."""
        return await self._send(calls.job_templates_call())

    async def make_job(
        self, title: str, questions: Sequence[JobQuestion], language: str, **options: Unpack[JobOptions]
    ) -> Job:
        """Make a job; `language` of questions and answers is `en` or `id`."""
        return await self._send(calls.make_job_call(title, questions, language, options))

    async def change_job(
        self,
        job_id: str,
        title: str,
        questions: Sequence[JobQuestion],
        language: str,
        sha256: str = "",
        **options: Unpack[JobOptions],
    ) -> Job:
        """Change a job, all of it; with `sha256` of its content only where nobody else has since.

        What a candidate has seen stays as it was for them: other content is a new version then.
        """
        return await self._send(calls.change_job_call(job_id, title, questions, language, sha256, options))

    async def copy_job(self, job_id: str, title: str) -> Job:
        """Make a job with the content of another one."""
        return await self._send(calls.copy_job_call(job_id, title))

    async def archive_job(self, job_id: str) -> Job:
        """Put a job away: nobody is invited to it any more, links that were given out still work."""
        return await self._send(calls.archive_job_call(job_id, archived=True))

    async def restore_job(self, job_id: str) -> Job:
        """Take a job out again."""
        return await self._send(calls.archive_job_call(job_id, archived=False))

    async def check_candidates(self, job_id: str, csv: str) -> CheckedList:
        """Who stands in a CSV file and what is wrong with which line; nobody is invited by this."""
        return await self._send(calls.check_candidates_call(job_id, csv))

    async def invite(
        self, job_id: str, candidates: Sequence[Candidate], expire_time: datetime | None = None
    ) -> tuple[Invitation, ...]:
        """Invite candidates, all or none; their links end then, or after 14 days. Nobody is written to yet."""
        return await self._send(calls.invite_call(job_id, candidates, expire_time))

    async def invitations(
        self, job_id: str, state: str = "", page_size: int = 50, page_token: str = ""
    ) -> InvitationPage:
        """A page of a job's invitations, newest first, in a state or in any; `page_size` 1 to 200."""
        return await self._send(calls.invitations_call(job_id, state, page_size, page_token))

    async def each_invitation(self, job_id: str, state: str = "", page_size: int = 100) -> AsyncIterator[Invitation]:
        """Every invitation to a job, newest first, page after page as it is read."""
        page = await self.invitations(job_id, state, page_size)
        for invitation in page.invitations:
            yield invitation
        while page.next_page_token:
            page = await self.invitations(job_id, state, page_size, page.next_page_token)
            for invitation in page.invitations:
                yield invitation

    async def invitation_link(self, job_id: str, invitation_id: str) -> InvitationLink:
        """A candidate's address, to be passed on by hand; the invitation counts as sent from now on."""
        return await self._send(calls.invitation_link_call(job_id, invitation_id))

    async def send_invitations(
        self, job_id: str, invitation_ids: Sequence[str], reminder: bool = False
    ) -> tuple[Sent, ...]:
        """Mail up to 50 invitations or reminders, where the server has a mail server; says what became of each."""
        return await self._send(calls.send_invitations_call(job_id, invitation_ids, reminder))

    async def prolong_invitation(self, job_id: str, invitation_id: str, expire_time: datetime) -> Invitation:
        """Have the same link work until then."""
        return await self._send(calls.prolong_invitation_call(job_id, invitation_id, expire_time))

    async def revoke_invitation(self, job_id: str, invitation_id: str) -> Invitation:
        """End an invitation; what was handed in stays."""
        return await self._send(calls.revoke_invitation_call(job_id, invitation_id))
