"""An orchestrator's organisations: the default one, with the members that a test puts there."""

from __future__ import annotations

from typing import Any, TypeVar

import grpc
from interview.organisations.v1 import organisations_service_pb2 as pb
from interview.organisations.v1.organisations_service_pb2_grpc import (
    OrganisationsServiceServicer,
    add_OrganisationsServiceServicer_to_server,
)

from servicekit.errors import ServiceError


class NoOrganisations(OrganisationsServiceServicer):
    """Nobody is a member of anything until somebody is put into `members`, by subject."""

    def __init__(self) -> None:
        self.members: dict[str, pb.Member] = {}
        self.asked: list[pb.SignInMemberRequest] = []
        self.settings = pb.Settings(effective_policy="default", max_retention_days=30, effective_retention_days=30)

    def register(self, server: grpc.aio.Server) -> None:
        add_OrganisationsServiceServicer_to_server(self, server)

    async def SignInMember(self, request: pb.SignInMemberRequest, context: Any) -> pb.SignInMemberResponse:
        self.asked.append(request)
        if request.subject not in self.members:
            raise _not_found()
        return pb.SignInMemberResponse(member=self.members[request.subject])

    async def GetMember(self, request: pb.GetMemberRequest, context: Any) -> pb.GetMemberResponse:
        for member in self.members.values():
            if member.member_id == request.member_id:
                return pb.GetMemberResponse(member=member)
        raise _not_found()

    async def GetOrganisation(self, request: pb.GetOrganisationRequest, context: Any) -> pb.GetOrganisationResponse:
        return pb.GetOrganisationResponse(organisation=pb.Organisation(organisation_id="default", name="Default"))

    async def ListMembers(self, request: pb.ListMembersRequest, context: Any) -> pb.ListMembersResponse:
        return pb.ListMembersResponse(members=self.members.values())

    async def AddMember(self, request: pb.AddMemberRequest, context: Any) -> pb.AddMemberResponse:
        return pb.AddMemberResponse(member=_made(pb.Member(member_id="1", email=request.email, role=request.role)))

    async def ListMemberships(self, request: pb.ListMembershipsRequest, context: Any) -> pb.ListMembershipsResponse:
        found = [m.organisation_id for m in self.members.values() if m.subject == request.subject]
        return pb.ListMembershipsResponse(organisations=[pb.Organisation(organisation_id=o, name=o) for o in found])

    async def ListKeys(self, request: pb.ListKeysRequest, context: Any) -> pb.ListKeysResponse:
        return pb.ListKeysResponse()

    async def CreateKey(self, request: pb.CreateKeyRequest, context: Any) -> pb.CreateKeyResponse:
        return pb.CreateKeyResponse(
            key=_made(pb.Key(key_id="1", name=request.name, scopes=request.scopes)), secret="ias_1"
        )

    async def GetSettings(self, request: pb.GetSettingsRequest, context: Any) -> pb.GetSettingsResponse:
        return pb.GetSettingsResponse(settings=self.settings)

    async def ChangeSettings(self, request: pb.ChangeSettingsRequest, context: Any) -> pb.ChangeSettingsResponse:
        return pb.ChangeSettingsResponse(settings=self.settings)

    async def SetSecret(self, request: pb.SetSecretRequest, context: Any) -> pb.SetSecretResponse:
        return pb.SetSecretResponse(settings=self.settings)

    async def MakeEncryptionKey(
        self, request: pb.MakeEncryptionKeyRequest, context: Any
    ) -> pb.MakeEncryptionKeyResponse:
        return pb.MakeEncryptionKeyResponse(settings=self.settings)

    async def _missing(self, request: Any, context: Any) -> Any:
        raise _not_found()

    ChangeMember = RemoveMember = RevokeKey = _missing
    RemoveSecret = DeleteEncryptionKey = _missing


Made = TypeVar("Made", pb.Member, pb.Key)


def _made(found: Made) -> Made:
    found.create_time.GetCurrentTime()
    return found


def _not_found() -> ServiceError:
    return ServiceError(grpc.StatusCode.NOT_FOUND, "MEMBER_NOT_FOUND", "There is no such member.")
