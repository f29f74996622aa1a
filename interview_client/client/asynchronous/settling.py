"""What an organisation's admin settles for it."""

from __future__ import annotations

from interview_client import calls
from interview_client.client.asynchronous.candidates import AsyncCandidates
from interview_client.models import OrganisationSettings, SecretKind


class AsyncSettling(AsyncCandidates):
    """Every method answers with all settings as they are then. InterviewError 403 for others than admins."""

    async def organisation_settings(self) -> OrganisationSettings:
        """What is settled, what counts now, and which secrets there are, without what they are."""
        return await self._send(calls.organisation_settings_call())

    async def change_organisation_settings(
        self, policy: str = "", retention_days: float | None = None
    ) -> OrganisationSettings:
        """Settle both, for jobs and sessions from now on; empty and None: as the installation has it."""
        return await self._send(calls.change_organisation_settings_call(policy, retention_days))

    async def set_secret(self, kind: SecretKind, secret: str) -> OrganisationSettings:
        """Set or replace a secret; it is shown to nobody again. A webhook secret before it signs on for a day."""
        return await self._send(calls.set_secret_call(kind, secret))

    async def remove_secret(self, kind: SecretKind) -> OrganisationSettings:
        """Delete a secret: the installation's is used again, if it has one."""
        return await self._send(calls.remove_secret_call(kind))

    async def make_encryption_key(self, name: str = "") -> OrganisationSettings:
        """Make an encryption key; `name`: of a key in AWS KMS or Vault that is to encrypt it."""
        return await self._send(calls.make_encryption_key_call(name))

    async def delete_encryption_key(self, confirm: str) -> OrganisationSettings:
        """Delete it: what it covers can never be read again. `confirm`: the organisation's id."""
        return await self._send(calls.delete_encryption_key_call(confirm))
