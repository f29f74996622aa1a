"""Organisations, as the gateway sees them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from interview.organisations.v1 import organisations_service_pb2 as pb
from interview.organisations.v1.organisations_service_pb2_grpc import OrganisationsServiceStub

from gateway.orchestrator import Sessions, answered

if TYPE_CHECKING:
    from interview.organisations.v1.organisations_service_pb2_grpc import OrganisationsServiceAsyncStub


class Organisations:
    """The request's organisation over gRPC. Every method raises the `ServiceError` behind a failed call."""

    def __init__(self, sessions: Sessions) -> None:
        """Over the channel to the orchestrator."""
        self._sessions = sessions

    @cached_property
    def _stub(self) -> OrganisationsServiceAsyncStub:
        return OrganisationsServiceStub(self._sessions.channel)

    @property
    def _timeout_s(self) -> float:
        return self._sessions.timeout_s

    async def organisation(self) -> pb.Organisation:
        """The organisation."""
        request = pb.GetOrganisationRequest()
        return (await answered(self._stub.GetOrganisation(request, timeout=self._timeout_s))).organisation

    async def members(self) -> Sequence[pb.Member]:
        """Its members, by e-mail address."""
        return (await answered(self._stub.ListMembers(pb.ListMembersRequest(), timeout=self._timeout_s))).members

    async def member(self, member_id: str) -> pb.Member:
        """One member."""
        request = pb.GetMemberRequest(member_id=member_id)
        return (await answered(self._stub.GetMember(request, timeout=self._timeout_s))).member

    async def add(self, request: pb.AddMemberRequest) -> pb.Member:
        """Add a member."""
        return (await answered(self._stub.AddMember(request, timeout=self._timeout_s))).member

    async def change(self, request: pb.ChangeMemberRequest) -> pb.Member:
        """Give a member another role."""
        return (await answered(self._stub.ChangeMember(request, timeout=self._timeout_s))).member

    async def remove(self, member_id: str) -> None:
        """Remove a member."""
        await answered(self._stub.RemoveMember(pb.RemoveMemberRequest(member_id=member_id), timeout=self._timeout_s))

    async def sign_in(self, request: pb.SignInMemberRequest) -> pb.Member:
        """The member behind a sign-in that was checked, of whatever organisation."""
        return (await answered(self._stub.SignInMember(request, timeout=self._timeout_s))).member

    async def memberships(self, subject: str) -> Sequence[pb.Organisation]:
        """The organisations that a person is a member of, by name."""
        request = pb.ListMembershipsRequest(subject=subject)
        return (await answered(self._stub.ListMemberships(request, timeout=self._timeout_s))).organisations

    async def settings(self) -> pb.Settings:
        """What it has settled for itself."""
        return (await answered(self._stub.GetSettings(pb.GetSettingsRequest(), timeout=self._timeout_s))).settings

    async def change_settings(self, request: pb.ChangeSettingsRequest) -> pb.Settings:
        """Settle policy and retention."""
        return (await answered(self._stub.ChangeSettings(request, timeout=self._timeout_s))).settings

    async def set_secret(self, request: pb.SetSecretRequest) -> pb.Settings:
        """Set or replace a secret."""
        return (await answered(self._stub.SetSecret(request, timeout=self._timeout_s))).settings

    async def remove_secret(self, request: pb.RemoveSecretRequest) -> pb.Settings:
        """Delete a secret."""
        return (await answered(self._stub.RemoveSecret(request, timeout=self._timeout_s))).settings

    async def make_encryption_key(self, request: pb.MakeEncryptionKeyRequest) -> pb.Settings:
        """Make an encryption key of the organisation's own."""
        return (await answered(self._stub.MakeEncryptionKey(request, timeout=self._timeout_s))).settings

    async def delete_encryption_key(self, request: pb.DeleteEncryptionKeyRequest) -> pb.Settings:
        """Delete it, and with it whatever it covers."""
        return (await answered(self._stub.DeleteEncryptionKey(request, timeout=self._timeout_s))).settings

    async def keys(self) -> Sequence[pb.Key]:
        """Its keys, oldest first."""
        return (await answered(self._stub.ListKeys(pb.ListKeysRequest(), timeout=self._timeout_s))).keys

    async def create_key(self, request: pb.CreateKeyRequest) -> pb.CreateKeyResponse:
        """Make a key; the answer has its secret."""
        return await answered(self._stub.CreateKey(request, timeout=self._timeout_s))

    async def revoke_key(self, key_id: str) -> pb.Key:
        """End a key."""
        return (await answered(self._stub.RevokeKey(pb.RevokeKeyRequest(key_id=key_id), timeout=self._timeout_s))).key
