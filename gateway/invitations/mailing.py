"""Writing to candidates: who can be, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Literal

from interview.jobs.v1 import jobs_service_pb2 as pb

from gateway.dependencies import Parts
from gateway.invitations.letters import letter
from gateway.invitations.schemas import Sent
from gateway.invitations.smtp import send
from gateway.invitations.wire import link_url

_ENDED = (pb.INVITATION_STATE_HANDED_IN, pb.INVITATION_STATE_EXPIRED, pb.INVITATION_STATE_REVOKED)


async def sent_mails(
    wanted: Sequence[pb.Invitation], job: pb.Job, reminder: bool, parts: Parts, base_url: str
) -> list[Sent]:
    """Write to the candidates of these invitations; says of each whether it was sent. Raises UPSTREAM_DOWN."""
    why_not = {invitation.invitation_id: _why_not(invitation) for invitation in wanted}
    able = [invitation for invitation in wanted if not why_not[invitation.invitation_id]]
    secret, folder = parts.settings.signing_secret, parts.settings.mail_texts_dir
    mails = [
        letter(
            "reminder" if reminder else "invitation",
            invitation,
            job.title,
            link_url(invitation, secret, base_url),
            invitation.expire_time.ToDatetime(UTC),
            folder,
        )
        for invitation in able
    ]
    taken = await send(mails, parts.settings) if mails else []
    for invitation, sent in zip(able, taken, strict=True):
        if sent:
            await _record(invitation.invitation_id, reminder, parts)
        else:
            why_not[invitation.invitation_id] = "REFUSED"
    return [Sent(invitation_id=name, sent=not reason, reason=reason) for name, reason in why_not.items()]


def _why_not(invitation: pb.Invitation) -> Literal["", "NO_ADDRESS", "ENDED", "REFUSED"]:
    if invitation.state in _ENDED:
        return "ENDED"
    return "" if invitation.email else "NO_ADDRESS"


async def _record(invitation_id: str, reminder: bool, parts: Parts) -> None:
    await parts.jobs.record(invitation_id, pb.INVITATION_EVENT_SENT)
    if reminder:
        await parts.jobs.record(invitation_id, pb.INVITATION_EVENT_REMINDED)
