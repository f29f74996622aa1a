"""An entry of the chain: what it says, how that is written, and how it is hashed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestrator.audit.tables import SYSTEM, AuditAction, AuditRow

FIRST = "0" * 64
"""The hash before the first entry."""

_SHOWN = (AuditAction.PUBLISHED, AuditAction.DECIDED, AuditAction.LETTER_SENT)
"""Whose details hold no words of a person: the result's hash, the decision, how a letter was sent."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Who did or saw what: `actor` is an id, or a name if `named`, of which only a pseudonym is kept.

    `organisation`: in whose chain it stands; empty: the caller's, else the session's.
    """

    session_id: str
    actor: str
    action: str
    answer_index: int | None = None
    details: str = ""
    named: bool = False
    organisation: str = ""

    def content(self, sequence: int, salt: str, now: datetime) -> str:
        """The canonical JSON."""
        actor = pseudonym(salt, self.actor) if self.named else self.actor
        return canonical(
            {
                "sequence": sequence,
                "at": now.astimezone(UTC).isoformat(timespec="microseconds"),
                "session_id": self.session_id,
                "actor": actor,
                "action": self.action,
                "answer_index": self.answer_index,
                "details": self.details,
            }
        )


def fact_of(row: AuditRow) -> Fact:
    """What the chain keeps of an audit entry: no name, and nobody's words."""
    details = row.details if row.action in _SHOWN else ""
    named = row.actor != SYSTEM
    return Fact(row.session_id, row.actor, row.action, row.answer_index, details or "", named)


def pseudonym(salt: str, name: str) -> str:
    """The same for the same name, and of no use to whoever does not have the salt."""
    return f"person:{hmac.new(salt.encode(), name.encode(), hashlib.sha256).hexdigest()[:16]}"


def canonical(values: Mapping[str, object]) -> str:
    """JSON with sorted keys, without spaces, in ASCII."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def linked(previous: str, content: str) -> str:
    """SHA-256 of the hash before, a line feed and the content; hex."""
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()
