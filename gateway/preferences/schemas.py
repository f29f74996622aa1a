"""Settings of an organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import Body

SecretKind = Literal["webhook", "deepl", "huggingface"]


class NewSettings(Body):
    """What is settled from now on, whole; it counts for jobs and sessions that begin then."""

    policy: str = Field(default="", max_length=64, examples=["eu"])
    """Policy of jobs and sessions that name none; empty: the installation's."""
    retention_days: float | None = Field(default=None, examples=[14])
    """Days that results are kept after a session has ended, at most `max_retention_days`; null: just that."""


class NewSecret(Body):
    """A secret. It is shown to nobody again."""

    secret: str = Field(max_length=2000)
    """8 to 500 visible ASCII characters, a webhook secret at least 16."""


class NewEncryptionKey(Body):
    """A key that encrypts the keys of the organisation's sessions."""

    name: str = Field(default="", max_length=300)
    """Name of a key in AWS KMS or Vault, where the installation uses these; empty: the installation's own."""


class EndOfKey(Body):
    """The key is to be deleted."""

    confirm: str = Field(max_length=32, examples=["acme"])
    """The organisation's id: what the key covers can never be read again."""


class Secret(Body):
    """A secret, without what it is."""

    kind: SecretKind
    set_time: datetime
    previous_until_time: datetime | None
    """Until when the webhook secret before this one signs as well; null: it does not."""


class EncryptionKey(Body):
    """An encryption key of the organisation's own."""

    key_id: str
    name: str
    create_time: datetime
    covered_sessions: int
    """Sessions whose keys it encrypts by now."""


class Settings(Body):
    """What an organisation has settled for itself, and what follows from that."""

    policy: str
    """Empty: the installation's."""
    effective_policy: str = Field(examples=["default"])
    """The one that counts now."""
    retention_days: float | None
    """null: as long as the installation allows."""
    max_retention_days: float = Field(examples=[30])
    """As long as the installation allows. The shorter time wins."""
    effective_retention_days: float
    """What counts now."""
    secrets: list[Secret]
    encryption_key: EncryptionKey | None
    """null: the installation's encrypts."""
    encryption_key_delete_time: datetime | None
    """When a key of the organisation's was deleted last; what it covered is unreadable."""
    encrypted_sessions: int
    key_service: str = Field(examples=["file"])
    """Where keys that encrypt keys are: `file`, `aws-kms` or `vault`. In the latter two a key can be named."""
