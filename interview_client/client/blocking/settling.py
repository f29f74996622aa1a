# Generated from ../asynchronous/ by `make generate`. Never edited.
"""What an organisation's admin settles for it."""

from __future__ import annotations

from interview_client import calls
from interview_client.client.blocking.candidates import Candidates
from interview_client.models import OrganisationSettings, SecretKind


class Settling(Candidates):
    """Every method answers with all settings as they are then. InterviewError 403 for others than admins."""

    def organisation_settings(self) -> OrganisationSettings:
        """What is settled, what counts now, and which secrets there are, without what they are."""
        return self._send(calls.organisation_settings_call())

    def change_organisation_settings(
        self, policy: str = "", retention_days: float | None = None
    ) -> OrganisationSettings:
        """Settle both, for jobs and sessions from now on; empty and None: as the installation has it."""
        return self._send(calls.change_organisation_settings_call(policy, retention_days))

    def set_secret(self, kind: SecretKind, secret: str) -> OrganisationSettings:
        """Set or replace a secret; it is shown to nobody again. A webhook secret before it signs on for a day."""
        return self._send(calls.set_secret_call(kind, secret))

    def remove_secret(self, kind: SecretKind) -> OrganisationSettings:
        """Delete a secret: the installation's is used again, if it has one."""
        return self._send(calls.remove_secret_call(kind))

    def make_encryption_key(self, name: str = "") -> OrganisationSettings:
        """Make an encryption key; `name`: of a key in AWS KMS or Vault that is to encrypt it."""
        return self._send(calls.make_encryption_key_call(name))

    def delete_encryption_key(self, confirm: str) -> OrganisationSettings:
        """Delete it: what it covers can never be read again. `confirm`: the organisation's id."""
        return self._send(calls.delete_encryption_key_call(confirm))
