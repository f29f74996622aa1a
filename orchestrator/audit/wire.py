"""From audit entries to the messages of `OrchestratorService`."""

from __future__ import annotations

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.audit.tables import AuditRow
from servicekit.wire import timestamp


def audit_message(row: AuditRow) -> pb.AuditEntry:
    """An audit entry."""
    return pb.AuditEntry(
        time=timestamp(row.at),
        actor=row.actor,
        action=row.action,
        answer_index=row.answer_index,
        details=row.details,
    )
