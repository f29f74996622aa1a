"""Links to and from the orchestrator's messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access.invitation import Invitation, fingerprint
from gateway.links.schemas import LinkState, ListedLink
from servicekit.wire import timestamp


def link_request(invitation: Invitation, token: str, ends: datetime) -> pb.CreateLinkRequest:
    """What is kept of a new link: the hash of its token, and nothing of the candidate."""
    return pb.CreateLinkRequest(
        link_id=invitation.session_id,
        token_sha256=fingerprint(token),
        owner=invitation.owner,
        expire_time=timestamp(ends),
    )


def listed_link(link: pb.Link) -> ListedLink:
    """A link for its list."""
    return ListedLink(
        session_id=link.link_id,
        state=cast(LinkState, pb.LinkState.Name(link.state).removeprefix("LINK_STATE_").lower()),
        owner=link.owner,
        create_time=link.create_time.ToDatetime(UTC),
        expire_time=link.expire_time.ToDatetime(UTC),
        revoke_time=link.revoke_time.ToDatetime(UTC) if link.HasField("revoke_time") else None,
    )
