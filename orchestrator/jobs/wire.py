"""From jobs to the messages of `JobsService`."""

from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.jobs.store import VersionedJob
from orchestrator.wire import message
from servicekit.errors import field_invalid


def job_message(
    job: VersionedJob, invitations: pb.InvitationCounts | None = None, sessions: pb.SessionCounts | None = None
) -> pb.Job:
    """A job in one version of its content."""
    return message(
        pb.Job,
        job.row,
        job_id=job.row.id,
        content=job.content,
        version=job.version.version,
        sha256=job.version.sha256,
        freeze_time=job.version.frozen_at,
        invitations=invitations,
        sessions=sessions,
    )


def moment(name: str, value: Timestamp) -> datetime:
    """A moment from the wire. Raises FIELD_INVALID."""
    try:
        return value.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise field_invalid(name, "must be a moment from the year 1 to 9999") from None
