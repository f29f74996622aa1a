"""From comments to the messages of `OrchestratorService`."""

from __future__ import annotations

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.notes.tables import CommentRow
from orchestrator.wire import message


def comment_message(row: CommentRow) -> pb.Comment:
    """A comment."""
    return message(pb.Comment, row, comment_id=row.id)
