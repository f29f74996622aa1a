"""Settings, secrets and the encryption key of an organisation."""

from __future__ import annotations

from typing import Any

from interview_client.calls.call import Call, reader, safe
from interview_client.models import OrganisationSettings, SecretKind

OWN = "/v1/organisation"
_read = reader(OrganisationSettings, "organisation's settings")


def organisation_settings_call() -> Call[OrganisationSettings]:
    """What is settled."""
    return Call("GET", f"{OWN}/settings", _read)


def change_organisation_settings_call(policy: str, retention_days: float | None) -> Call[OrganisationSettings]:
    """Settle both."""
    body: dict[str, Any] = {"policy": policy, "retention_days": retention_days}
    return Call("PUT", f"{OWN}/settings", _read, body=body)


def set_secret_call(kind: SecretKind, secret: str) -> Call[OrganisationSettings]:
    """Set or replace a secret."""
    return Call("PUT", f"{OWN}/secrets/{safe(kind)}", _read, body={"secret": secret})


def remove_secret_call(kind: SecretKind) -> Call[OrganisationSettings]:
    """Delete a secret."""
    return Call("DELETE", f"{OWN}/secrets/{safe(kind)}", _read)


def make_encryption_key_call(name: str) -> Call[OrganisationSettings]:
    """Make a key."""
    return Call("POST", f"{OWN}/encryption-key", _read, body={"name": name})


def delete_encryption_key_call(confirm: str) -> Call[OrganisationSettings]:
    """Delete it."""
    return Call("POST", f"{OWN}/encryption-key:delete", _read, body={"confirm": confirm})
