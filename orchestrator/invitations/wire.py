"""From invitations to the messages of `JobsService`."""

from __future__ import annotations

from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.invitations.states import Invited
from orchestrator.wire import message
from servicekit.wire import timestamp


def invitation_message(found: Invited) -> pb.Invitation:
    """An invitation as it stands."""
    row, link = found.row, found.link
    return message(
        pb.Invitation,
        row,
        invitation_id=row.id,
        language_code=row.language,
        state=pb.InvitationState.Value(f"INVITATION_STATE_{found.state}"),
        job_version=row.job_version or 0,
        token_sha256=link.token_sha256,
        owner=link.owner,
        create_time=timestamp(link.created_at),
        expire_time=timestamp(link.expires_at),
        revoke_time=timestamp(link.revoked_at),
        hand_in_time=timestamp(found.handed_in_at),
    )
