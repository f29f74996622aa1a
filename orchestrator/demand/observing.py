"""What the database says, as metrics: demand, deletions that are late, starts that are owed. One worker tells it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from orchestrator.demand.counting import demand
from orchestrator.demand.leases import Lease
from orchestrator.metrics import DEMAND, OVERDUE_DELETIONS, STARTS_OWED
from orchestrator.sessions import starts
from orchestrator.sessions.store import SessionStore
from servicekit.telemetry.logs import get_logger

log = get_logger()
WORK = "demand"
INTERVAL_S = 5.0
LATE_START = timedelta(minutes=1)


async def observe(store: SessionStore, interval_s: float = INTERVAL_S) -> None:
    """Keep the metrics right until cancelled, as long as this worker is the elected one; else tell nothing."""
    lease = Lease(store, WORK)
    try:
        while True:
            try:
                if await lease.take():
                    await _tell(store)
                else:
                    _forget()
            except Exception as error:
                # Somebody else may have been elected meanwhile: an old number would be taken for today's.
                _forget()
                log.warning("demand not counted", error_type=type(error).__name__)
            await asyncio.sleep(interval_s)
    finally:
        _forget()
        with suppress(Exception):  # the lease ends by itself
            await lease.release()


async def _tell(store: SessionStore) -> None:
    for service, calls in (await demand(store)).items():
        DEMAND.labels(service).set(calls)
    OVERDUE_DELETIONS.set(await store.overdue())
    STARTS_OWED.set(await starts.owed_count(store, datetime.now(UTC) - LATE_START))


def _forget() -> None:
    DEMAND.clear()
    OVERDUE_DELETIONS.set(0)
    STARTS_OWED.set(0)
