"""From settings to messages, and what may be settled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from interview.organisations.v1 import organisations_service_pb2 as pb

from orchestrator.preferences.store import Preferences
from orchestrator.settled import PreferencesRow, kept_days
from orchestrator.vault.organisation_secrets import CURRENT, Kind
from orchestrator.vault.tables import OrganisationKeyRow, SecretRow
from servicekit.enums import short_name
from servicekit.errors import field_invalid
from servicekit.wire import timestamp

LEAST = {Kind.WEBHOOK: 16}
SHORTEST, LONGEST = 8, 500


def settings_message(
    row: PreferencesRow,
    known: Preferences,
    secrets: Sequence[SecretRow],
    key: OrganisationKeyRow | None,
    covered: tuple[int, int],
    deleted: datetime | None,
    key_service: str,
) -> pb.Settings:
    """Everything that an organisation has settled; `covered`: of its sessions by its key, and all."""
    return pb.Settings(
        policy=row.policy,
        effective_policy=row.policy or known.installation_policy,
        retention_days=row.retention_days,
        max_retention_days=known.most_days,
        effective_retention_days=kept_days(row.retention_days, known.most_days),
        secrets=_secrets(secrets),
        encryption_key=_key(key, covered[0]) if key else None,
        encryption_key_delete_time=timestamp(deleted),
        encrypted_sessions=covered[1],
        key_service=key_service,
    )


def _secrets(rows: Sequence[SecretRow]) -> list[pb.Secret]:
    ends = {row.kind: row.ends_at for row in rows if row.place != CURRENT}
    return [
        pb.Secret(
            kind=pb.SecretKind.Value(f"SECRET_KIND_{row.kind}"),
            set_time=timestamp(row.created_at),
            previous_until_time=timestamp(ends.get(row.kind)),
        )
        for row in rows
        if row.place == CURRENT
    ]


def _key(row: OrganisationKeyRow, covered: int) -> pb.EncryptionKey:
    made = timestamp(row.created_at)
    return pb.EncryptionKey(key_id=row.id, name=row.name, create_time=made, covered_sessions=covered)


def secret_kind(value: pb.SecretKind.ValueType) -> Kind:
    """What a secret is for. Raises FIELD_INVALID."""
    if value not in pb.SecretKind.values() or value == pb.SECRET_KIND_UNSPECIFIED:
        raise field_invalid("kind", "must be webhook, deepl or huggingface")
    return Kind(short_name(pb.SecretKind.DESCRIPTOR, value))


def check_secret(kind: Kind, value: str) -> str:
    """A secret without spaces around it. Raises FIELD_INVALID, which does not repeat it."""
    found, least = value.strip(), LEAST.get(kind, SHORTEST)
    if not least <= len(found) <= LONGEST or not all("!" <= character <= "~" for character in found):
        raise field_invalid("secret", f"must have {least} to {LONGEST} visible ASCII characters and no space")
    return found


def check_days(days: float | None, most: float) -> None:
    """Raise FIELD_INVALID for a time that the installation does not allow."""
    if days is not None and not (math.isfinite(days) and 1 <= days <= most):
        limit = f"must be 1 to {most:g} days: ORCHESTRATOR_RETENTION_DAYS of the installation allows no more"
        raise field_invalid("retention_days", limit)
