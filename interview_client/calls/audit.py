"""The audit chain and receipts of deletions, as they were signed."""

from __future__ import annotations

from typing import Any

from interview_client.calls.call import Call, session_path
from interview_client.calls.results import parse_object

CHAIN = "/v1/audit-chain"


def audit_chain_call() -> Call[bytes]:
    """The whole chain, a JSON object a line."""
    return Call("GET", CHAIN, bytes)


def anchor_call() -> Call[dict[str, Any]]:
    """Sign the head of the chain."""
    return Call("POST", f"{CHAIN}:anchor", parse_object)


def receipt_call(session_id: str) -> Call[dict[str, Any]]:
    """The receipt of a deleted session."""
    return Call("GET", session_path(session_id, "/receipt"), parse_object)
