"""Policies in the session database, by the SHA-256 that sessions carry."""

from __future__ import annotations

from collections.abc import Mapping

import grpc
from sqlalchemy.exc import IntegrityError

from orchestrator.policies.policy import DEFAULT, Policy
from orchestrator.policies.tables import PolicyRow
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from servicekit.errors import ServiceError


async def keep(store: SessionStore, policy: Policy) -> None:
    """Record what a policy says, once."""
    try:
        async with store.transaction() as db:
            if await db.get(PolicyRow, policy.sha256) is None:
                db.add(PolicyRow(sha256=policy.sha256, content=policy.model_dump(mode="json")))
    except IntegrityError:
        return  # another one was quicker


async def of_session(store: SessionStore, session: SessionRow, policies: Mapping[str, Policy]) -> Policy:
    """The policy that a session was submitted under; today's of its name where that was not recorded.

    Raises POLICY_MISSING.
    """
    name = session.policy or DEFAULT
    today = policies.get(name)
    if today is not None and today.sha256 == session.policy_sha256:
        return today
    async with store.transaction() as db:
        recorded = await db.get(PolicyRow, session.policy_sha256) if session.policy_sha256 else None
    if recorded is not None:
        return Policy.model_validate(recorded.content)
    if today is None:
        message = f"The policy {name} is not in INTERVIEW_POLICIES of the worker. Put its file back."
        raise ServiceError(grpc.StatusCode.FAILED_PRECONDITION, "POLICY_MISSING", message)
    return today
