"""A person's part: evidence, decision, objection, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interview_client.calls.call import Call, given, reader, session_path
from interview_client.calls.results import parse_object
from interview_client.models import Audit, Override, Session


def evidence_call(session_id: str, index: int, reviewer: str) -> Call[dict[str, Any]]:
    """One answer's block of the result, evidence included."""
    path = session_path(session_id, f"/answers/{index}/evidence")
    return Call("GET", path, parse_object, given({"reviewer": reviewer}))


def review_call(
    session_id: str, decision: str, reason: str, reviewer: str, overrides: Sequence[Override]
) -> Call[Session]:
    """Record a decision."""
    body = {
        "reviewer": reviewer,
        "decision": decision,
        "reason": reason,
        "overrides": [override.model_dump() for override in overrides],
    }
    return Call("POST", session_path(session_id, "/reviews"), reader(Session, "session"), body=body)


def contest_call(session_id: str, actor: str, objection: str) -> Call[Session]:
    """Record a candidate's objection."""
    body = {"actor": actor, "objection": objection}
    return Call("POST", session_path(session_id, "/contests"), reader(Session, "session"), body=body)


def audit_call(session_id: str) -> Call[Audit]:
    """What was done to a session."""
    return Call("GET", session_path(session_id, "/audit"), reader(Audit, "audit"))
