"""Decisions and audit entries between REST and the orchestrator."""

from __future__ import annotations

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.reviews import schemas
from gateway.wire import body, message


def review_message(given: schemas.NewReview) -> pb.Review:
    """A decision for the orchestrator."""
    return message(pb.Review, given)


def review_body(review: pb.Review) -> schemas.Review:
    """A decision as recorded."""
    return body(schemas.Review, review)


def audit_body(found: pb.ListAuditEntriesResponse) -> schemas.Audit:
    """What was done to a session."""
    return body(schemas.Audit, found)
