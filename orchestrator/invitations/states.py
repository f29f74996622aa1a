"""Where invitations stand: made of what is recorded of their link, of themselves and of their session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, select

from orchestrator.invitations.tables import InvitationRow
from orchestrator.links.tables import LinkRow
from orchestrator.sessions.tables import SessionRow


class InvitationState(StrEnum):
    """Where an invitation stands, by the contract's names."""

    CREATED = "CREATED"
    SENT = "SENT"
    OPENED = "OPENED"
    STARTED = "STARTED"
    HANDED_IN = "HANDED_IN"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its link and state; `handed_in_at` is None until its session is there."""

    row: InvitationRow
    link: LinkRow
    handed_in_at: datetime | None
    state: str

    @property
    def id(self) -> str:
        """Of the invitation, its link and its session."""
        return self.row.id

    @property
    def created_at(self) -> datetime:
        """When the link was made."""
        return self.link.created_at


def invited(*wanted: ColumnElement[bool]) -> Select[InvitationRow, LinkRow, datetime, str]:
    """A query for invitations as they stand now; each of its rows is an `Invited`."""
    query = select(InvitationRow, LinkRow, SessionRow.created_at, state_now().label("state"))
    query = query.join(LinkRow, LinkRow.id == InvitationRow.id)
    return query.outerjoin(SessionRow, SessionRow.id == InvitationRow.id).where(*wanted)


def state_now() -> ColumnElement[str]:
    """Of an invitation joined with its link and, where there is one, its session."""
    known: Iterable[tuple[ColumnElement[bool], InvitationState]] = (
        (SessionRow.id.is_not(None), InvitationState.HANDED_IN),
        (LinkRow.revoked_at.is_not(None), InvitationState.REVOKED),
        (LinkRow.expires_at <= datetime.now(UTC), InvitationState.EXPIRED),
        (InvitationRow.started_at.is_not(None), InvitationState.STARTED),
        (InvitationRow.opened_at.is_not(None), InvitationState.OPENED),
        (InvitationRow.sent_at.is_not(None), InvitationState.SENT),
    )
    return case(*((condition, state.value) for condition, state in known), else_=InvitationState.CREATED.value)
