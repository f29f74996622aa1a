"""Who is invited, and how far they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from gateway.schemas import Body

InvitationState = Literal["created", "sent", "opened", "started", "handed_in", "expired", "revoked"]
ProblemReason = Literal[
    "COLUMNS_MISSING",
    "TOO_MANY_LINES",
    "TEXT_UNREADABLE",
    "NAME_MISSING",
    "NAME_TOO_LONG",
    "EMAIL_INVALID",
    "EMAIL_TWICE",
    "EMAIL_INVITED",
    "LANGUAGE_UNKNOWN",
]
InvitationId = Annotated[str, Field(max_length=32)]


class Candidate(Body):
    """A candidate to invite; whether they can be is said of all of them together."""

    candidate_name: str = Field(max_length=1000)
    email: str = Field(default="", max_length=1000)
    """Where they are written to; empty: nowhere, the link is passed on by hand."""
    language: str = Field(default="", max_length=100)
    """Language in which they are written to, `en` or `id`; empty: the job's."""


class NewInvitations(Body):
    """Whom to invite; all of them are invited, or none."""

    candidates: list[Candidate] = Field(min_length=1, max_length=1000)
    expire_time: AwareDatetime | None = None
    """When the links end; null: after 14 days. On the job's closing date at last."""


class CandidateList(Body):
    """A CSV file with the columns name, email and language (nama, surel, bahasa), of which only the name is needed."""

    csv: str = Field(min_length=1, max_length=500_000)


class ListProblem(Body):
    """Why a line is not good."""

    line: int
    """In the file, from 1."""
    reason: ProblemReason
    message: str
    """For people, in English."""


class CheckedList(Body):
    """What stands in a CSV file. Nobody is invited by this."""

    candidates: list[Candidate]
    """Everybody, as they can be invited where there are no problems."""
    problems: list[ListProblem]


class Invitation(Body):
    """A candidate who was invited."""

    invitation_id: str
    """Also the id of the session that the recordings become."""
    job_id: str
    candidate_name: str
    email: str
    language: str
    state: InvitationState
    """`created` (not given out), `sent` (mailed, or the link given out), `opened`, `started` (a recording has begun
    to arrive), `handed_in`, `expired` or `revoked`."""
    job_version: int
    """Version of the questions that the candidate sees; 0: not opened yet."""
    owner: str
    create_time: datetime
    expire_time: datetime
    send_time: datetime | None
    remind_time: datetime | None
    open_time: datetime | None
    start_time: datetime | None
    hand_in_time: datetime | None
    revoke_time: datetime | None


class Invitations(Body):
    """Those who were invited."""

    invitations: list[Invitation]


class InvitationPage(Invitations):
    """A page of a job's invitations, newest first."""

    next_page_token: str
    """Token of the next page; empty on the last."""
    mail: bool
    """Whether this server can send them by mail."""


class ToSend(Body):
    """Which invitations to mail."""

    invitation_ids: list[InvitationId] = Field(min_length=1, max_length=50)
    reminder: bool = False
    """Whether it is a reminder."""


class Sent(Body):
    """What became of one mail."""

    invitation_id: str
    sent: bool
    reason: Literal["", "NO_ADDRESS", "ENDED", "REFUSED"]
    """Why not: there is no address, the invitation has ended or was handed in, or the mail server did not take it."""


class SentList(Body):
    """What became of the mails, in the order asked for."""

    mails: list[Sent]


class InvitationLink(Body):
    """A candidate's link, to be passed on."""

    url: str
    """Who has it can answer once, and see nothing of others."""
    expire_time: datetime


class Longer(Body):
    """Until when a link works."""

    expire_time: AwareDatetime
