"""From deliveries to the messages of `OrchestratorService`."""

from __future__ import annotations

from urllib.parse import urlsplit

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.events.tables import DeliveryRow
from orchestrator.wire import message


def delivery_message(row: DeliveryRow) -> pb.Delivery:
    """A delivery; of its address what identifies it, without what may be a secret."""
    parts = urlsplit(row.url)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return message(pb.Delivery, row, delivery_id=row.id, url=shown)
