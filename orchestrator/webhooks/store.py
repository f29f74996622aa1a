"""The log of deliveries in the session database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from sqlalchemy import delete, select, update

from orchestrator.events.tables import DeliveryRow, DeliveryState
from orchestrator.sessions.store import SessionStore
from servicekit.errors import ServiceError

KEPT = timedelta(days=30)
LEASE = timedelta(minutes=2)
"""Longer than one try takes; whoever dies meanwhile has it tried again."""
SHORTEST, LONGEST, GIVEN_UP = timedelta(seconds=5), timedelta(hours=1), timedelta(hours=24)


class DeliveryStore:
    """Deliveries by id. `owner`: only theirs; empty: whoever's."""

    def __init__(self, sessions: SessionStore) -> None:
        """Share a database with the sessions."""
        self._sessions = sessions

    async def claim(self, most: int) -> list[DeliveryRow]:
        """Up to `most` that are due, the longest due first; nobody else gets them meanwhile."""
        now = datetime.now(UTC)
        due = select(DeliveryRow).where(DeliveryRow.state == DeliveryState.PENDING, DeliveryRow.next_at <= now)
        async with self._sessions.transaction() as db:
            found = list(await db.scalars(due.order_by(DeliveryRow.next_at).limit(most)))
        return [row for row in found if await self._taken(row, now)]

    async def _taken(self, row: DeliveryRow, now: datetime) -> bool:
        mine = update(DeliveryRow).where(DeliveryRow.id == row.id, DeliveryRow.attempts == row.attempts)
        mine = mine.where(DeliveryRow.next_at == row.next_at)
        async with self._sessions.transaction() as db:
            taken = await db.execute(mine.values(attempts=row.attempts + 1, tried_at=now, next_at=now + LEASE))
            return bool(taken.rowcount)  # type: ignore[attr-defined]

    async def delivered(self, delivery_id: str, code: int) -> None:
        """It was taken by the other side."""
        await self._set(delivery_id, state=DeliveryState.DELIVERED, next_at=None, last_reason="", last_code=code)

    async def failed(self, row: DeliveryRow, reason: str, code: int | None, again: bool) -> None:
        """It was not; `again`: try later, with pauses that grow from 5 s to an hour, for a day."""
        now = datetime.now(UTC)
        waited = now - row.since_at
        known = {"last_reason": reason, "last_code": code}
        if again and waited < GIVEN_UP:
            await self._set(row.id, next_at=now + min(LONGEST, max(SHORTEST, waited)), **known)
        else:
            await self._set(row.id, state=DeliveryState.FAILED, next_at=None, **known)

    async def add(self, row: DeliveryRow) -> None:
        """Have it sent, unless it was written down before."""
        async with self._sessions.transaction() as db:
            if await db.get(DeliveryRow, row.id) is None:
                db.add(row)

    async def record(self, row: DeliveryRow) -> None:
        """Record a delivery that somebody else makes, or how far it has come since."""
        async with self._sessions.transaction() as db:
            await db.merge(row)

    async def page(
        self, size: int, before: tuple[datetime, str] | None, wanted: Sequence[Any], owner: str
    ) -> list[DeliveryRow]:
        """Up to `size` that fit, newest first, older than `before` (time made and id)."""
        query = select(DeliveryRow).where(*wanted).order_by(DeliveryRow.created_at.desc(), DeliveryRow.id.desc())
        if owner:
            query = query.where(DeliveryRow.owner == owner)
        if before is not None:
            at, last = before
            earlier = (DeliveryRow.created_at == at) & (DeliveryRow.id < last)
            query = query.where((DeliveryRow.created_at < at) | earlier)
        async with self._sessions.transaction() as db:
            return list(await db.scalars(query.limit(size)))

    async def resend(self, delivery_id: str, owner: str) -> DeliveryRow:
        """Have it sent again, as it was. Raises DELIVERY_NOT_FOUND."""
        now = datetime.now(UTC)
        async with self._sessions.transaction() as db:
            row = await db.get(DeliveryRow, delivery_id)
            if row is None or (owner and row.owner != owner):
                raise _not_found()
            row.state, row.next_at, row.since_at = DeliveryState.PENDING, now, now
        return row

    async def prune(self) -> int:
        """Delete what is old, and give up what nobody tries any more; returns how many were given up."""
        now = datetime.now(UTC)
        left = DeliveryRow.state == DeliveryState.PENDING, DeliveryRow.next_at.is_(None)
        async with self._sessions.transaction() as db:
            await db.execute(delete(DeliveryRow).where(DeliveryRow.created_at < now - KEPT))
            lost = update(DeliveryRow).where(*left, DeliveryRow.since_at < now - GIVEN_UP - LONGEST)
            given_up = await db.execute(lost.values(state=DeliveryState.FAILED))
            return int(given_up.rowcount)  # type: ignore[attr-defined]

    async def _set(self, delivery_id: str, **values: object) -> None:
        async with self._sessions.transaction() as db:
            await db.execute(update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(**values))


def _not_found() -> ServiceError:
    message = "There is no such delivery, or it is older than 30 days."
    return ServiceError(grpc.StatusCode.NOT_FOUND, "DELIVERY_NOT_FOUND", message)
