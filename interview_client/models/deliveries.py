"""Deliveries of webhooks."""

from __future__ import annotations

from datetime import datetime

from interview_client.models.body import Body


class Delivery(Body):
    """One event for one address; `state` is `pending`, `delivered` or `failed`, `try_time` that of the last try.

    `last_code` is the HTTP code of the last answer, None where none came.
    """

    delivery_id: str
    event: str
    session_id: str
    job_id: str = ""
    url: str = ""
    state: str = "pending"
    attempts: int = 0
    last_reason: str = ""
    last_code: int | None = None
    create_time: datetime
    try_time: datetime | None = None


class DeliveryPage(Body):
    """A page of deliveries, newest first; `next_page_token` is empty on the last."""

    deliveries: tuple[Delivery, ...] = ()
    next_page_token: str = ""
