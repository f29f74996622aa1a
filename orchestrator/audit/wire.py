"""From audit entries to the messages of `OrchestratorService`."""

from __future__ import annotations

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.audit.tables import AuditRow
from orchestrator.wire import message


def audit_message(row: AuditRow) -> pb.AuditEntry:
    """An audit entry."""
    return message(pb.AuditEntry, row)
