"""Decisions and audit entries between REST and the orchestrator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.reviews import schemas

_DECISION, _KIND = "DECISION_", "OVERRIDE_KIND_"


def review_message(body: schemas.NewReview) -> pb.Review:
    """A decision for the orchestrator."""
    return pb.Review(
        reviewer=body.reviewer,
        decision=pb.Decision.Value(_DECISION + body.decision.upper()),
        reason=body.reason,
        overrides=[_override_message(o) for o in body.overrides],
    )


def review_body(message: pb.Review) -> schemas.Review:
    """A decision as recorded."""
    return schemas.Review.model_validate(
        {
            "reviewer": message.reviewer,
            "decision": pb.Decision.Name(message.decision).removeprefix(_DECISION).lower(),
            "reason": message.reason,
            "overrides": [_override(o) for o in message.overrides],
            "create_time": _time(message, "create_time"),
            "proposal": message.proposal,
            "result_sha256": message.result_sha256,
        }
    )


def audit_body(message: pb.ListAuditEntriesResponse) -> schemas.Audit:
    """What was done to a session."""
    return schemas.Audit(
        entries=[
            schemas.AuditEntry(
                time=_time(entry, "time"),
                actor=entry.actor,
                action=entry.action,
                answer_index=entry.answer_index if entry.HasField("answer_index") else None,
                details=entry.details,
            )
            for entry in message.entries
        ],
        reviews=[review_body(review) for review in message.reviews],
    )


def _override_message(body: schemas.Override) -> pb.Override:
    kind = pb.OverrideKind.Value(_KIND + body.kind.upper())
    return pb.Override(
        answer_index=body.answer_index, kind=kind, target=body.target, value=body.value, reason=body.reason
    )


def _override(message: pb.Override) -> dict[str, Any]:
    return {
        "answer_index": message.answer_index,
        "kind": pb.OverrideKind.Name(message.kind).removeprefix(_KIND).lower(),
        "target": message.target,
        "value": message.value,
        "reason": message.reason,
    }


def _time(message: Any, name: str) -> datetime | None:
    return getattr(message, name).ToDatetime(tzinfo=UTC) if message.HasField(name) else None
