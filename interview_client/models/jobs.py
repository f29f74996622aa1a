"""Jobs, and who was invited to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from interview_client.models.body import Body
from interview_client.models.submission import Signal


class JobQuestion(Body):
    """A question of a job; `reference` is a model answer or key points, `rubric` is empty for the job's.

    `thinking_s` is the time to think and `limit_s` the longest answer, seconds; `retakes`: how often it may be recorded
    again; `pauses`: how often a recording may be paused.
    """

    text: str
    reference: str = ""
    thinking_s: int = 30
    limit_s: int = 180
    retakes: int = 1
    rubric: str = ""
    pauses: int = 0


class JobOptions(TypedDict, total=False):
    """What a job can be given besides its questions; empty and None are the same as left out."""

    rubric: str
    policy: str
    consent_text: str
    """What candidates agree to; some policies require it."""
    close_time: datetime | None
    """Until when people are invited, with its zone."""
    webhook_url: str
    """Told of every event of its candidates."""
    audio_only: bool
    """Whether candidates may answer by sound alone."""
    signals: Sequence[Signal]
    """What the candidate's page notes while it records, and tells the candidate before."""


class JobContent(Body):
    """What candidates of a job are asked, and what holds for them."""

    title: str
    language: str = "en"
    questions: tuple[JobQuestion, ...] = ()
    rubric: str = ""
    policy: str = ""
    consent_text: str = ""
    close_time: datetime | None = None
    webhook_url: str = ""
    audio_only: bool = False
    signals: tuple[str, ...] = ()


class InvitationCounts(Body):
    """How many of a job's invitations stand where."""

    created: int = 0
    sent: int = 0
    opened: int = 0
    started: int = 0
    handed_in: int = 0
    expired: int = 0
    revoked: int = 0


class SessionCounts(Body):
    """How many of a job's sessions stand where, and of how many completed ones the decision stands how."""

    pending: int = 0
    running: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    open: int = 0
    decided: int = 0
    contested: int = 0


class Job(JobContent):
    """A job in one version of its content; `freeze_time` is when somebody saw that version first."""

    job_id: str
    version: int = 1
    sha256: str = ""
    freeze_time: datetime | None = None
    owner: str = ""
    create_time: datetime | None = None
    update_time: datetime | None = None
    archive_time: datetime | None = None
    invitations: InvitationCounts = InvitationCounts()
    sessions: SessionCounts = SessionCounts()


class JobPage(Body):
    """A page of jobs, newest first; `next_page_token` is empty on the last."""

    jobs: tuple[Job, ...] = ()
    next_page_token: str = ""


class JobTemplate(JobContent):
    """A job to start from."""

    name: str


class TeamMember(Body):
    """Somebody who sees a job: a member's id, or `key:` and a key's; no name: they are not there any more."""

    principal_id: str
    name: str = ""


class Team(Body):
    """Who sees a job beside admins and auditors; nobody: everybody in the organisation."""

    team: tuple[TeamMember, ...] = ()


class JobTemplates(Body):
    """Jobs to start from, by name."""

    templates: tuple[JobTemplate, ...] = ()


class Candidate(Body):
    """A candidate to invite; `language` is that in which they are written to, empty for the job's."""

    candidate_name: str
    email: str = ""
    language: str = ""


class ListProblem(Body):
    """Why a line of a list is not good; `line` from 1."""

    line: int
    reason: str
    message: str = ""


class CheckedList(Body):
    """Who stands in a list, and what is wrong with it."""

    candidates: tuple[Candidate, ...] = ()
    problems: tuple[ListProblem, ...] = ()


class Invitation(Body):
    """A candidate who was invited; the id is also that of the session that the recordings become.

    `state` is `created`, `sent`, `opened`, `started`, `handed_in`, `expired` or `revoked`.
    """

    invitation_id: str
    job_id: str
    candidate_name: str
    email: str = ""
    language: str = ""
    state: str
    job_version: int = 0
    owner: str = ""
    create_time: datetime
    expire_time: datetime
    send_time: datetime | None = None
    remind_time: datetime | None = None
    open_time: datetime | None = None
    start_time: datetime | None = None
    hand_in_time: datetime | None = None
    revoke_time: datetime | None = None


class Invitations(Body):
    """Those who were invited."""

    invitations: tuple[Invitation, ...] = ()


class InvitationPage(Invitations):
    """A page of invitations, newest first; `mail`: whether the server can send them."""

    next_page_token: str = ""
    mail: bool = False


class InvitationLink(Body):
    """A candidate's address."""

    url: str
    expire_time: datetime


class Sent(Body):
    """What became of a mail; `reason` says why it was not sent: `NO_ADDRESS`, `ENDED` or `REFUSED`."""

    invitation_id: str
    sent: bool
    reason: str = ""


class SentList(Body):
    """What became of mails."""

    mails: tuple[Sent, ...] = ()
