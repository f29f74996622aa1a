"""Deliveries of webhooks."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from gateway.schemas import Body


class Delivery(Body):
    """One event for one address. It says nothing about the candidate."""

    delivery_id: str
    event: str = Field(examples=["session.decided"])
    session_id: str
    job_id: str
    """Empty without a job."""
    url: str
    """Where to, without what follows a question mark."""
    state: str = Field(examples=["delivered"])
    """`pending`, `delivered` or `failed`."""
    attempts: int
    last_reason: str
    """Why the last try failed, see docs/errors.md; empty: it did not."""
    last_code: int | None
    """HTTP code of the last answer; null where none came."""
    create_time: datetime
    try_time: datetime | None
    """When it was tried last; null: not yet."""


class DeliveryPage(Body):
    """A page of deliveries, newest first."""

    deliveries: list[Delivery]
    next_page_token: str
    """Token of the next page; empty on the last."""
