"""Jobs and invitations to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from interview_client.calls.call import Call, given, reader, safe
from interview_client.models import (
    Candidate,
    CheckedList,
    Invitation,
    InvitationLink,
    InvitationPage,
    Invitations,
    Job,
    JobOptions,
    JobPage,
    JobQuestion,
    JobTemplate,
    JobTemplates,
    Sent,
    SentList,
    Team,
    TeamMember,
)

_job, _invitation, _team = reader(Job, "job"), reader(Invitation, "invitation"), reader(Team, "team")


def jobs_call(archived: bool, page_size: int, page_token: str) -> Call[JobPage]:
    """A page of jobs."""
    params: dict[str, str | int] = {"archived": str(archived).lower(), "page_size": page_size, "page_token": page_token}
    return Call("GET", "/v1/jobs", reader(JobPage, "list of jobs"), params)


def job_call(job_id: str, version: int) -> Call[Job]:
    """One job."""
    return Call("GET", _path(job_id), _job, {"version": version})


def team_call(job_id: str) -> Call[tuple[TeamMember, ...]]:
    """A job's team."""
    return Call("GET", f"{_path(job_id)}/team", lambda body: _team(body).team)


def set_team_call(job_id: str, principals: Sequence[str]) -> Call[tuple[TeamMember, ...]]:
    """Limit a job to a team."""
    return Call("PUT", f"{_path(job_id)}/team", lambda body: _team(body).team, body={"principals": list(principals)})


def job_templates_call() -> Call[tuple[JobTemplate, ...]]:
    """Jobs to start from."""
    read = reader(JobTemplates, "list of templates")
    return Call("GET", "/v1/job-templates", lambda body: read(body).templates)


def make_job_call(title: str, questions: Sequence[JobQuestion], language: str, options: JobOptions) -> Call[Job]:
    """Make a job."""
    return Call("POST", "/v1/jobs", _job, body=_content(title, questions, language, options))


def change_job_call(
    job_id: str, title: str, questions: Sequence[JobQuestion], language: str, sha256: str, options: JobOptions
) -> Call[Job]:
    """Change a job, all of it."""
    body = _content(title, questions, language, options) | {"sha256": sha256}
    return Call("PUT", _path(job_id), _job, body=body)


def copy_job_call(job_id: str, title: str) -> Call[Job]:
    """Copy a job."""
    return Call("POST", _path(job_id, ":copy"), _job, body={"title": title})


def archive_job_call(job_id: str, archived: bool) -> Call[Job]:
    """Put a job away, or take it out again."""
    return Call("POST", _path(job_id, ":archive" if archived else ":restore"), _job)


def check_candidates_call(job_id: str, csv: str) -> Call[CheckedList]:
    """Look through a list of candidates."""
    return Call("POST", _path(job_id, "/invitations:check"), reader(CheckedList, "list"), body={"csv": csv})


def invite_call(
    job_id: str, candidates: Sequence[Candidate], expire_time: datetime | None
) -> Call[tuple[Invitation, ...]]:
    """Invite candidates."""
    people = [candidate.model_dump() for candidate in candidates]
    body = {"candidates": people} | given({"expire_time": expire_time.isoformat() if expire_time else None})
    read = reader(Invitations, "list of invitations")
    return Call("POST", _path(job_id, "/invitations"), lambda found: read(found).invitations, body=body)


def invitations_call(job_id: str, state: str, page_size: int, page_token: str) -> Call[InvitationPage]:
    """A page of invitations."""
    params: dict[str, str | int] = {"state": state, "page_size": page_size, "page_token": page_token}
    return Call("GET", _path(job_id, "/invitations"), reader(InvitationPage, "list of invitations"), params)


def send_invitations_call(job_id: str, invitation_ids: Sequence[str], reminder: bool) -> Call[tuple[Sent, ...]]:
    """Mail invitations or reminders."""
    read, body = reader(SentList, "list of mails"), {"invitation_ids": list(invitation_ids), "reminder": reminder}
    return Call("POST", _path(job_id, "/invitations:send"), lambda found: read(found).mails, body=body)


def invitation_link_call(job_id: str, invitation_id: str) -> Call[InvitationLink]:
    """A candidate's address."""
    return Call("POST", _invited(job_id, invitation_id, ":link"), reader(InvitationLink, "link"))


def prolong_invitation_call(job_id: str, invitation_id: str, expire_time: datetime) -> Call[Invitation]:
    """Have a link work until then."""
    body = {"expire_time": expire_time.isoformat()}
    return Call("POST", _invited(job_id, invitation_id, ":prolong"), _invitation, body=body)


def revoke_invitation_call(job_id: str, invitation_id: str) -> Call[Invitation]:
    """End an invitation."""
    return Call("POST", _invited(job_id, invitation_id, ":revoke"), _invitation)


def _content(title: str, questions: Sequence[JobQuestion], language: str, options: JobOptions) -> dict[str, Any]:
    closes = options.get("close_time")
    body = {"title": title, "language": language, "questions": [question.model_dump() for question in questions]}
    return body | given(options) | given({"close_time": closes.isoformat() if closes else None})


def _path(job_id: str, rest: str = "") -> str:
    return f"/v1/jobs/{safe(job_id)}{rest}"


def _invited(job_id: str, invitation_id: str, act: str) -> str:
    return _path(job_id, f"/invitations/{safe(invitation_id)}{act}")
