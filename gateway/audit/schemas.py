"""Signed heads and receipts. Their keys and values are what was signed: none may be added here."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.schemas import SESSION_ID, Body


class SignedHead(Body):
    """How long the chain was at a moment, and the hash that all of it leads to."""

    kind: Literal["audit-head"]
    sequence: int
    """Number of the last entry."""
    hash: str
    """SHA-256 of the last entry, hex."""
    at: str = Field(examples=["2026-01-31T12:00:00+00:00"])
    public_key: str
    """Ed25519, 32 bytes in base64."""
    signature: str
    """Of the canonical JSON of everything else, base64."""


class Names(Body):
    """Names of what was deleted: how many, and the SHA-256 of their sorted list as JSON."""

    count: int
    sha256: str


class Count(Body):
    """How many there were."""

    count: int


class Kept(Body):
    """What stays for a time after a deletion."""

    decision_reasons: int
    """Reasons of decisions, as long as somebody may go to court over them."""
    until: str = Field(examples=["2026-07-31T12:00:00+00:00"])


class DestroyedKeys(Body):
    """Keys of what was encrypted, which nobody can read any more."""

    destroyed: int
    key_ids: list[str]
    """Hex; encrypted objects name theirs."""


class Receipt(Body):
    """What was deleted with a session."""

    kind: Literal["deletion-receipt"]
    session_id: str = Field(examples=[SESSION_ID])
    deleted_at: str = Field(examples=["2026-01-31T12:00:00+00:00"])
    reason: Literal["request", "retention"]
    """`request`: somebody asked for it; `retention`: its time was over."""
    rows: dict[str, int]
    """Rows of the database, by table."""
    objects: Names
    """Files in the object store."""
    uploads: Count
    """Those of them that were recordings as uploaded."""
    encryption_keys: DestroyedKeys | None = None
    """Left out in receipts of before there were keys."""
    workflow_histories: Names
    """Histories in the workflow engine."""
    result_sha256: str
    """SHA-256 of the published result; empty if there was none."""
    kept: Kept | None = None
    """Left out where nothing is."""
    public_key: str
    """Ed25519, 32 bytes in base64."""
    signature: str
    """Of the canonical JSON of everything else, base64."""


class Reason(Body):
    """The reason of a decision, and what shows that it is what the chain has sealed."""

    session_id: str = Field(examples=[SESSION_ID])
    time: datetime
    text: str
    """JSON: the decision, its reason, and the overrides with theirs."""
    nonce: str
    """SHA-256 of this, a line feed and `text` stands in the chain's entry `reasoned`."""
    expire_time: datetime
    """When it is deleted; as long as the session is there, later."""


class Reasons(Body):
    """Reasons of the decisions on a session, in order of time."""

    reasons: list[Reason]
