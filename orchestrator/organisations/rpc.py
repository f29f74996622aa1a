"""Organisations, members and their keys over gRPC."""

from __future__ import annotations

from typing import Any

from interview.administration.v1 import administration_service_pb2 as administration_pb
from interview.organisations.v1 import organisations_service_pb2 as pb

from orchestrator.keys.service import Keys
from orchestrator.organisations.members import MemberStore
from orchestrator.organisations.store import OrganisationStore
from orchestrator.organisations.wire import key_message, member_message, organisation_message, role
from orchestrator.ownership import mine
from orchestrator.sessions.request import check_text
from orchestrator.sessions.search import composed
from orchestrator.wire import message
from servicekit.errors import field_invalid
from servicekit.organisation import NAME

MAX_NAME, MAX_EMAIL, MAX_SUBJECT = 100, 254, 200


class OrganisationAdministration:
    """What `AdministrationService` has of organisations."""

    def __init__(self, organisations: OrganisationStore) -> None:
        """Use these."""
        self._organisations = organisations

    async def CreateOrganisation(
        self, request: administration_pb.CreateOrganisationRequest, context: Any
    ) -> administration_pb.CreateOrganisationResponse:
        """Make an organisation."""
        if not NAME.fullmatch(request.organisation_id):
            raise field_invalid("organisation_id", "must be 1 to 32 lower-case letters, digits and hyphens")
        check_text("name", request.name, 1, MAX_NAME)
        row = await self._organisations.create(request.organisation_id, composed(request.name))
        made = message(administration_pb.Organisation, row, organisation_id=row.id)
        return administration_pb.CreateOrganisationResponse(organisation=made)

    async def ListOrganisations(
        self, request: administration_pb.ListOrganisationsRequest, context: Any
    ) -> administration_pb.ListOrganisationsResponse:
        """Every organisation."""
        rows = await self._organisations.all()
        found = [message(administration_pb.Organisation, row, organisation_id=row.id) for row in rows]
        return administration_pb.ListOrganisationsResponse(organisations=found)


class OrganisationCalls:
    """`OrganisationsService`: members and keys of the organisation that the call acts for."""

    def __init__(self, organisations: OrganisationStore, members: MemberStore, keys: Keys) -> None:
        """Use these."""
        self._organisations, self._members, self._keys = organisations, members, keys

    async def GetOrganisation(self, request: pb.GetOrganisationRequest, context: Any) -> pb.GetOrganisationResponse:
        """The organisation."""
        row = await self._organisations.get(mine())
        return pb.GetOrganisationResponse(organisation=organisation_message(row))

    async def ListMembers(self, request: pb.ListMembersRequest, context: Any) -> pb.ListMembersResponse:
        """Its members."""
        return pb.ListMembersResponse(members=map(member_message, await self._members.all()))

    async def AddMember(self, request: pb.AddMemberRequest, context: Any) -> pb.AddMemberResponse:
        """Add a member."""
        email = address(request.email)
        check_text("name", request.name, 0, MAX_NAME)
        made = await self._members.add(email, composed(request.name), role("role", request.role))
        return pb.AddMemberResponse(member=member_message(made))

    async def ChangeMember(self, request: pb.ChangeMemberRequest, context: Any) -> pb.ChangeMemberResponse:
        """Give a member another role."""
        changed = await self._members.change(request.member_id, role("role", request.role))
        return pb.ChangeMemberResponse(member=member_message(changed))

    async def RemoveMember(self, request: pb.RemoveMemberRequest, context: Any) -> pb.RemoveMemberResponse:
        """Remove a member."""
        await self._members.remove(request.member_id)
        return pb.RemoveMemberResponse()

    async def GetMember(self, request: pb.GetMemberRequest, context: Any) -> pb.GetMemberResponse:
        """One member."""
        return pb.GetMemberResponse(member=member_message(await self._members.get(request.member_id)))

    async def SignInMember(self, request: pb.SignInMemberRequest, context: Any) -> pb.SignInMemberResponse:
        """Who has signed in."""
        check_text("subject", request.subject, 1, MAX_SUBJECT)
        email = address(request.verified_email) if request.verified_email else ""
        name = composed(request.name)[:MAX_NAME]
        organisation = request.organisation_id
        if organisation:
            await self._organisations.check(organisation)
        if organisation and request.role:
            given = role("role", request.role)
            found = await self._members.enrol(request.subject, email, name, organisation, given)
        else:
            found = await self._members.sign_in(request.subject, email, name, organisation)
        return pb.SignInMemberResponse(member=member_message(found))

    async def ListMemberships(self, request: pb.ListMembershipsRequest, context: Any) -> pb.ListMembershipsResponse:
        """Where somebody is a member."""
        check_text("subject", request.subject, 1, MAX_SUBJECT)
        found = await self._members.memberships(request.subject)
        return pb.ListMembershipsResponse(organisations=map(organisation_message, found))

    async def ListKeys(self, request: pb.ListKeysRequest, context: Any) -> pb.ListKeysResponse:
        """Its keys."""
        return pb.ListKeysResponse(keys=map(key_message, await self._keys.all()))

    async def CreateKey(self, request: pb.CreateKeyRequest, context: Any) -> pb.CreateKeyResponse:
        """Make a key."""
        asked = administration_pb.CreateApiKeyRequest.FromString(request.SerializeToString())
        made = await self._keys.create(asked)
        return pb.CreateKeyResponse(key=key_message(made.key), secret=made.secret)

    async def RevokeKey(self, request: pb.RevokeKeyRequest, context: Any) -> pb.RevokeKeyResponse:
        """End a key."""
        return pb.RevokeKeyResponse(key=key_message(await self._keys.revoke(request.key_id)))


def address(email: str) -> str:
    """An e-mail address in lower case. Raises FIELD_INVALID."""
    found = email.strip().lower()
    name, _, host = found.partition("@")
    if not name or not host or len(found) > MAX_EMAIL or any(c.isspace() for c in found) or "@" in host:
        raise field_invalid("email", "must be an e-mail address, such as rina@example.org")
    return found
