"""Signed heads and receipts. Their keys and values are what was signed: none may be added here."""

from __future__ import annotations

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
    workflow_histories: Names
    """Histories in the workflow engine."""
    result_sha256: str
    """SHA-256 of the published result; empty if there was none."""
    public_key: str
    """Ed25519, 32 bytes in base64."""
    signature: str
    """Of the canonical JSON of everything else, base64."""
