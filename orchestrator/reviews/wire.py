"""From decisions to the messages of `OrchestratorService`."""

from __future__ import annotations

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.reviews.tables import ReviewRow
from orchestrator.wire import message
from servicekit.enums import short_name


def review_message(row: ReviewRow) -> pb.Review:
    """A decision."""
    return message(pb.Review, row, overrides=[message(pb.Override, stored) for stored in row.overrides])


def override_value(given: pb.Override) -> dict[str, object]:
    """An override as it is stored."""
    kind = short_name(pb.OverrideKind.DESCRIPTOR, given.kind)
    texts = {"target": given.target.strip(), "value": given.value.strip(), "reason": given.reason.strip()}
    return {"answer_index": given.answer_index, "kind": kind, **texts}
