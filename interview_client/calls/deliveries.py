"""Deliveries of webhooks."""

from __future__ import annotations

from interview_client.calls.call import Call, reader, safe
from interview_client.models import Delivery, DeliveryPage


def deliveries_call(session_id: str, job_id: str, state: str, page_size: int, page_token: str) -> Call[DeliveryPage]:
    """A page of deliveries."""
    wanted = {"session_id": session_id, "job_id": job_id, "state": state, "page_token": page_token}
    params: dict[str, str | int] = {"page_size": page_size, **wanted}
    return Call("GET", "/v1/deliveries", reader(DeliveryPage, "list of deliveries"), params)


def resend_delivery_call(delivery_id: str) -> Call[Delivery]:
    """Send a webhook again."""
    return Call("POST", f"/v1/deliveries/{safe(delivery_id)}:resend", reader(Delivery, "delivery"))
