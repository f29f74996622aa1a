"""From decisions to the messages of `OrchestratorService`."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.reviews.tables import ReviewRow
from servicekit.wire import timestamp


def review_message(row: ReviewRow) -> pb.Review:
    """A decision."""
    return pb.Review(
        reviewer=row.reviewer,
        decision=pb.Decision.Value(f"DECISION_{row.decision.upper()}"),
        reason=row.reason,
        overrides=[_override_message(o) for o in row.overrides],
        create_time=timestamp(row.created_at),
        proposal=row.proposal,
        result_sha256=row.result_sha256,
    )


def override_value(message: pb.Override) -> dict[str, object]:
    """An override as it is stored."""
    kind = pb.OverrideKind.Name(message.kind).removeprefix("OVERRIDE_KIND_")
    texts = {"target": message.target.strip(), "value": message.value.strip(), "reason": message.reason.strip()}
    return {"answer_index": message.answer_index, "kind": kind, **texts}


def _override_message(stored: dict[str, Any]) -> pb.Override:
    return pb.Override(
        answer_index=stored["answer_index"],
        kind=pb.OverrideKind.Value(f"OVERRIDE_KIND_{stored['kind']}"),
        target=stored["target"],
        value=stored["value"],
        reason=stored["reason"],
    )
