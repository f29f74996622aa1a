"""Connecting to the workflow engine."""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.service import RPCError

from orchestrator.settings import TemporalSettings
from servicekit.logs import get_logger

log = get_logger()
RETRY_S = 1.0


async def connect(settings: TemporalSettings) -> Client:
    """A client, as soon as Temporal answers and has the namespace. Waits as long as it takes; health shows it."""
    while True:
        try:
            client = await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                interceptors=[TracingInterceptor()],
            )
            await client.count_workflows()
            return client
        except (RPCError, RuntimeError) as error:
            log.info("waiting for temporal", address=settings.temporal_address, error_type=type(error).__name__)
            await asyncio.sleep(RETRY_S)
