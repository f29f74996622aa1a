"""Sending what is due."""

from __future__ import annotations

import asyncio
import random

from orchestrator import metrics
from orchestrator.events.tables import DeliveryKind, DeliveryRow
from orchestrator.webhooks.delivery import Webhooks, answered_code
from orchestrator.webhooks.store import DeliveryStore
from servicekit.errors import ServiceError
from servicekit.telemetry.logs import get_logger

log = get_logger()
INTERVAL_S, AT_ONCE = 2.0, 20


class Sending:
    """Every worker may send at the same time: each delivery is claimed by one of them."""

    def __init__(self, deliveries: DeliveryStore, webhooks: Webhooks) -> None:
        """What is due is in `deliveries`, and goes out by `webhooks`."""
        self._deliveries, self._webhooks = deliveries, webhooks

    async def send_due(self) -> int:
        """Try everything that is due once; returns how many tries there were."""
        tried = 0
        while due := await self._deliveries.claim(AT_ONCE):
            await asyncio.gather(*map(self._send, due))
            tried += len(due)
        return tried

    async def keep_sending(self) -> None:
        """Do it until cancelled; while the database is away, later."""
        while True:
            await asyncio.sleep(random.uniform(0.5, 1.5) * INTERVAL_S)
            try:
                await self.send_due()
            except Exception as error:
                log.warning("deliveries not sent", error_type=type(error).__name__)

    async def _send(self, row: DeliveryRow) -> None:
        try:
            code = await self._told(row)
        except ServiceError as error:
            metrics.WEBHOOKS.labels(error.reason).inc()
            await self._deliveries.failed(row, error.reason, answered_code(error), error.retryable)
        else:
            metrics.WEBHOOKS.labels("delivered").inc()
            await self._deliveries.delivered(row.id, code)

    async def _told(self, row: DeliveryRow) -> int:
        if row.kind == DeliveryKind.GREENHOUSE:
            return await self._webhooks.complete(row.url)
        return await self._webhooks.post(row.url, row.body.encode(), row.organisation)
