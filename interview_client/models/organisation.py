"""What an organisation has settled for itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from interview_client.models.body import Body

SecretKind = Literal["webhook", "deepl", "huggingface"]


class OrganisationSecret(Body):
    """A secret, without what it is. Until `previous_until_time` the webhook secret before it signs as well."""

    kind: SecretKind
    set_time: datetime
    previous_until_time: datetime | None = None


class EncryptionKey(Body):
    """An encryption key of an organisation's own; `name`: in the key service, empty for the installation's."""

    key_id: str
    name: str = ""
    create_time: datetime
    covered_sessions: int = 0


class OrganisationSettings(Body):
    """What is settled, and what follows: an empty policy is the installation's, no retention the longest.

    Of `retention_days` and `max_retention_days` the shorter wins. `key_service` is `file`, `aws-kms` or `vault`.
    """

    policy: str = ""
    effective_policy: str = ""
    retention_days: float | None = None
    max_retention_days: float = 0.0
    effective_retention_days: float = 0.0
    secrets: tuple[OrganisationSecret, ...] = ()
    encryption_key: EncryptionKey | None = None
    encryption_key_delete_time: datetime | None = None
    encrypted_sessions: int = 0
    key_service: str = "file"
