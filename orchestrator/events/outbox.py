"""Writing down what is to be told, in the transaction of what happened."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from orchestrator.events.tables import DeliveryKind, DeliveryRow, DeliveryState
from orchestrator.ownership import mine

Event = Literal["invited", "started", "handed_in", "decided", "deleted"]


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell about which session; an empty `url`: nobody. `organisation`: whose it is; empty: the caller's."""

    url: str
    session_id: str
    job_id: str = ""
    owner: str = ""
    organisation: str = ""


def announcements(event: Event, told: Told) -> list[DeliveryRow]:
    """What to add to the transaction: one delivery, or none where nobody is to be told."""
    if not told.url:
        return []
    now, delivery_id = datetime.now(UTC), uuid.uuid4().hex
    body = {"event": f"session.{event}", "session_id": told.session_id, "job_id": told.job_id}
    row = DeliveryRow(
        id=delivery_id,
        event=f"session.{event}",
        session_id=told.session_id,
        job_id=told.job_id,
        owner=told.owner,
        organisation=told.organisation or mine(),
        url=told.url,
        body=json.dumps(body | {"at": now.isoformat(), "delivery_id": delivery_id}),
        state=DeliveryState.PENDING,
        created_at=now,
        since_at=now,
        next_at=now,
    )
    return [row]


def completed(told: Told, run: str) -> DeliveryRow:
    """That Greenhouse is to be told of a session's result; the same for the same `run` of telling it."""
    now = datetime.now(UTC)
    return DeliveryRow(
        id=hashlib.sha256(f"greenhouse {told.session_id} {run}".encode()).hexdigest()[:32],
        event="greenhouse.completed",
        kind=DeliveryKind.GREENHOUSE,
        session_id=told.session_id,
        job_id=told.job_id,
        owner=told.owner,
        url=told.url,
        body="",
        state=DeliveryState.PENDING,
        created_at=now,
        since_at=now,
        next_at=now,
    )
