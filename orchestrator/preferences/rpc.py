"""Settings, secrets and the encryption key of an organisation over gRPC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import grpc
from interview.organisations.v1 import organisations_service_pb2 as pb

from orchestrator.audit.chain.store import ANYBODY
from orchestrator.ownership import mine
from orchestrator.policies.policy import Policy
from orchestrator.preferences.store import Preferences
from orchestrator.preferences.wire import check_days, check_secret, secret_kind, settings_message
from orchestrator.sessions.request import check_text
from orchestrator.settings import VaultSettings
from orchestrator.vault.store import VaultStore
from servicekit.errors import ServiceError, field_invalid

MAX_ACTOR, MAX_KEY_NAME = 200, 300


class SettingsCalls:
    """What `OrganisationsService` has of settings; every call that changes something answers with all of them."""

    def __init__(
        self, preferences: Preferences, policies: Mapping[str, Policy], vault: VaultStore, settings: VaultSettings
    ) -> None:
        """Choices are in `preferences`, secrets and keys in `vault`."""
        self._preferences, self._policies, self._vault, self._settings = preferences, policies, vault, settings

    async def GetSettings(self, request: pb.GetSettingsRequest, context: Any) -> pb.GetSettingsResponse:
        """All of it."""
        return pb.GetSettingsResponse(settings=await self._all())

    async def ChangeSettings(self, request: pb.ChangeSettingsRequest, context: Any) -> pb.ChangeSettingsResponse:
        """Settle policy and retention."""
        policy, days = request.policy.strip(), request.retention_days if request.HasField("retention_days") else None
        if policy and policy not in self._policies:
            raise field_invalid("policy", f"must be one of {', '.join(self._policies)}")
        check_days(days, self._preferences.most_days)
        await self._preferences.change(policy, days, _actor(request.actor_id))
        return pb.ChangeSettingsResponse(settings=await self._all())

    async def SetSecret(self, request: pb.SetSecretRequest, context: Any) -> pb.SetSecretResponse:
        """Set a secret."""
        kind = secret_kind(request.kind)
        value = check_secret(kind, request.secret)
        await self._vault.secrets.set(mine(), kind, value, _actor(request.actor_id))
        return pb.SetSecretResponse(settings=await self._all())

    async def RemoveSecret(self, request: pb.RemoveSecretRequest, context: Any) -> pb.RemoveSecretResponse:
        """Delete a secret."""
        await self._vault.secrets.remove(mine(), secret_kind(request.kind), _actor(request.actor_id))
        return pb.RemoveSecretResponse(settings=await self._all())

    async def MakeEncryptionKey(
        self, request: pb.MakeEncryptionKeyRequest, context: Any
    ) -> pb.MakeEncryptionKeyResponse:
        """Make a key of the organisation's own."""
        if not self._settings.encryption:
            message = "INTERVIEW_ENCRYPTION is off here: nothing would be encrypted with the key."
            raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "ENCRYPTION_OFF", message)
        check_text("name", request.name, 0, MAX_KEY_NAME)
        await self._vault.organisation_keys.make(mine(), request.name.strip(), _actor(request.actor_id))
        return pb.MakeEncryptionKeyResponse(settings=await self._all())

    async def DeleteEncryptionKey(
        self, request: pb.DeleteEncryptionKeyRequest, context: Any
    ) -> pb.DeleteEncryptionKeyResponse:
        """Delete it."""
        if request.confirm != mine():
            raise field_invalid("confirm", "must be the organisation's id: what the key has encrypted is lost for ever")
        await self._vault.organisation_keys.delete(mine(), _actor(request.actor_id))
        return pb.DeleteEncryptionKeyResponse(settings=await self._all())

    async def _all(self) -> pb.Settings:
        keys, organisation = self._vault.organisation_keys, mine()
        return settings_message(
            await self._preferences.get(),
            self._preferences,
            await self._vault.secrets.rows(organisation),
            await keys.current(organisation),
            await keys.covered(organisation),
            await keys.last_deleted(organisation),
            self._settings.key_service,
        )


def _actor(actor_id: str) -> str:
    check_text("actor_id", actor_id, 0, MAX_ACTOR)
    return actor_id or ANYBODY
