"""From organisations, members and keys to messages, and back."""

from __future__ import annotations

from interview.administration.v1 import administration_service_pb2 as administration_pb
from interview.organisations.v1 import organisations_service_pb2 as pb

from orchestrator.organisations.members import Role
from orchestrator.organisations.tables import MemberRow, OrganisationRow
from orchestrator.wire import message
from servicekit.enums import short_name
from servicekit.errors import field_invalid
from servicekit.wire import timestamp


def organisation_message(row: OrganisationRow) -> pb.Organisation:
    """An organisation."""
    return message(pb.Organisation, row, organisation_id=row.id)


def member_message(row: MemberRow) -> pb.Member:
    """A member."""
    return pb.Member(
        member_id=row.id,
        organisation_id=row.organisation,
        email=row.email or "",
        subject=row.subject or "",
        name=row.name,
        role=pb.Role.Value(f"ROLE_{row.role}"),
        create_time=timestamp(row.created_at),
        sign_in_time=timestamp(row.signed_in_at),
    )


def key_message(key: administration_pb.ApiKey) -> pb.Key:
    """A key, whose fields have the same numbers."""
    found = pb.Key.FromString(key.SerializeToString())
    found.DiscardUnknownFields()
    return found


def role(name: str, value: pb.Role.ValueType) -> Role:
    """What a member may do. Raises FIELD_INVALID."""
    if value not in pb.Role.values() or value == pb.ROLE_UNSPECIFIED:
        raise field_invalid(name, "must be admin, recruiter, reviewer or auditor")
    return Role(short_name(pb.Role.DESCRIPTOR, value))
