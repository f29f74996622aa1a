"""Invitations to and from the orchestrator's messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interview.jobs.v1 import jobs_service_pb2 as pb

from gateway.access.invitation import Invitation, fingerprint
from gateway.errors import link_changed
from gateway.invitations import schemas
from gateway.submissions.request import new_session_id
from gateway.wire import body


def invitation_body(invitation: pb.Invitation) -> schemas.Invitation:
    """An invitation as it stands."""
    return body(schemas.Invitation, invitation, language=invitation.language_code)


def new_invitations(
    candidates: Sequence[schemas.Candidate], job_id: str, owner: str, secret: str
) -> Iterator[pb.NewInvitation]:
    """What is kept of each: the candidate, and of the link its hash."""
    for candidate in candidates:
        link = Invitation.to_job(new_session_id(), job_id, owner)
        yield pb.NewInvitation(
            invitation_id=link.session_id,
            token_sha256=fingerprint(link.job_token(secret)),
            candidate_name=candidate.candidate_name,
            email=candidate.email,
            language_code=candidate.language,
        )


def link_url(invitation: pb.Invitation, secret: str, base_url: str) -> str:
    """The candidate's address, signed again as it was the first time. Raises LINK_CHANGED."""
    link = Invitation.to_job(invitation.invitation_id, invitation.job_id, invitation.owner)
    token = link.job_token(secret)
    if fingerprint(token) != invitation.token_sha256:
        raise link_changed()
    # After the #, which browsers send to nobody: no log holds it.
    return f"{base_url}/candidate.html#{token}"
