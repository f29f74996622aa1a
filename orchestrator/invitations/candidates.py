"""What is wrong with candidates who are to be invited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.sessions.request import LANGUAGES, MAX_NAME

MAX_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, without the angle brackets."""

# An address as mail is sent to: in ASCII, without quotes, comments or spaces. Whether it exists only a mail can say.
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def problems(candidates: Sequence[pb.NewInvitation], invited: set[str]) -> Iterator[pb.InvitationProblem]:
    """Everything that is wrong, in their order; `invited` are the addresses in lower case that were invited before."""
    seen = set[str]()
    for index, candidate in enumerate(candidates):
        email = candidate.email.strip().lower()
        for reason in _reasons(candidate, email, seen, invited):
            yield pb.InvitationProblem(index=index, reason=reason)
        seen.add(email)


def _reasons(candidate: pb.NewInvitation, email: str, seen: set[str], invited: set[str]) -> Iterator[str]:
    name = candidate.candidate_name.strip()
    if not name:
        yield "NAME_MISSING"
    elif len(name) > MAX_NAME:
        yield "NAME_TOO_LONG"
    if email and (len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email)):
        yield "EMAIL_INVALID"
    elif email and email in seen:
        yield "EMAIL_TWICE"
    elif email in invited:
        yield "EMAIL_INVITED"
    if candidate.language_code not in ("", *LANGUAGES):
        yield "LANGUAGE_UNKNOWN"
