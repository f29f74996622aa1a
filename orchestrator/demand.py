"""What the database says, as metrics: the work that waits for each service or runs there, deletions that are late."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from orchestrator.metrics import DEMAND, OVERDUE_DELETIONS, STARTS_OWED
from orchestrator.sessions import starts
from orchestrator.sessions.calls import calls_by_stage
from orchestrator.sessions.store import SessionStore
from orchestrator.translations import store as translations
from servicekit.telemetry.logs import get_logger

log = get_logger()
INTERVAL_S = 5.0
LATE_START = timedelta(minutes=1)
SERVICES = {"transcribe": "transcriber", "watch": "vision", "listen": "audio", "evaluate": "judge"}
AFTER = dict.fromkeys(("transcribe", "watch", "listen"), "prepare") | {"evaluate": "transcribe"}
"""Which stage must have ended before another one waits for its service."""


async def observe(store: SessionStore) -> None:
    """Keep the metrics right until cancelled. Every worker tells the same numbers, as they come from the database."""
    while True:
        try:
            for service, calls in (await demand(store)).items():
                DEMAND.labels(service).set(calls)
            OVERDUE_DELETIONS.set(await store.overdue())
            STARTS_OWED.set(await starts.owed_count(store, datetime.now(UTC) - LATE_START))
        except Exception as error:
            log.warning("demand not counted", error_type=type(error).__name__)
        await asyncio.sleep(INTERVAL_S)


async def demand(store: SessionStore) -> dict[str, int]:
    """Calls by service: stages that run (a full service is waited for there) and stages whose turn it is.

    Translations wait until the result is published; then each session asks for one at a time.
    """
    calls = await calls_by_stage(store, AFTER)
    counted = {service: calls.get(name, 0) for name, service in SERVICES.items()}
    counted["judge"] += await translations.sessions_waiting(store)
    return counted
