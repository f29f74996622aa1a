"""The log of deliveries over gRPC."""

from __future__ import annotations

from typing import Any

from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.events.tables import DeliveryRow
from orchestrator.sessions.request import MAX_NAME, check_text, page_size
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.wire import page_token, page_token_value
from orchestrator.webhooks.store import DeliveryStore
from orchestrator.webhooks.wire import delivery_message
from servicekit.enums import short_name
from servicekit.errors import field_invalid


class DeliveryCalls:
    """Lists deliveries and has them sent again."""

    def __init__(self, store: SessionStore) -> None:
        """Deliveries are in the database of `store`."""
        self._deliveries = DeliveryStore(store)

    async def ListDeliveries(self, request: pb.ListDeliveriesRequest, context: Any) -> pb.ListDeliveriesResponse:
        """A page of deliveries, newest first."""
        for name in ("owner", "session_id", "job_id"):
            check_text(name, getattr(request, name), 0, MAX_NAME)
        size, before = page_size(request.page_size), page_token_value(request.page_token)
        found = await self._deliveries.page(size + 1, before, _wanted(request), request.owner)
        token = page_token(found[size - 1]) if len(found) > size else ""
        return pb.ListDeliveriesResponse(deliveries=map(delivery_message, found[:size]), next_page_token=token)

    async def ResendDelivery(self, request: pb.ResendDeliveryRequest, context: Any) -> pb.ResendDeliveryResponse:
        """Have a delivery sent again."""
        sent = await self._deliveries.resend(request.delivery_id, request.owner)
        return pb.ResendDeliveryResponse(delivery=delivery_message(sent))


def _wanted(request: pb.ListDeliveriesRequest) -> list[Any]:
    wanted: list[Any] = []
    if request.session_id:
        wanted.append(DeliveryRow.session_id == request.session_id)
    if request.job_id:
        wanted.append(DeliveryRow.job_id == request.job_id)
    if request.state:
        if request.state not in pb.DeliveryState.values():
            raise field_invalid("state", "must be one of its values")
        wanted.append(DeliveryRow.state == short_name(pb.DeliveryState.DESCRIPTOR, request.state))
    return wanted
