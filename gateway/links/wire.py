"""Links to and from the orchestrator's messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access.invitation import Invitation, fingerprint
from gateway.links.schemas import LinkState, ListedLink
from gateway.signals import Signal
from gateway.uploads.schemas import PageNotes
from servicekit.wire import duration, timestamp


def add_notes(answer: pb.NewAnswer, notes: PageNotes | None, signals: Sequence[Signal]) -> None:
    """What the page noted of an answer; wanted signals of which it says nothing were not measured."""
    if notes is None and not signals:
        return
    found = notes or PageNotes()
    answer.page.measured.extend(found.measured)
    answer.page.not_measured.extend(signal for signal in signals if signal not in found.measured)
    for mark in sorted(found.marks, key=lambda mark: mark.start_s):
        answer.page.marks.add(
            kind=mark.kind,
            start_offset=duration(mark.start_s),
            end_offset=None if mark.end_s is None else duration(mark.end_s),
            duration=None if mark.duration_s is None else duration(mark.duration_s),
        )


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
