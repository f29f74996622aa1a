"""Connecting to the workflow engine."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.service import RPCError, TLSConfig

from orchestrator.settings import TemporalSettings
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import get_logger

log = get_logger()
FIRST_RETRY_S, LONGEST_RETRY_S = 0.1, 2.0
ERROR_CHARS = 300
WATCH_S, ANSWER_S = 5.0, 5.0


async def connect(settings: TemporalSettings) -> Client:
    """A client, as soon as Temporal answers and has the namespace. Waits as long as it takes; health shows it.

    Raises OSError when a certificate file cannot be read.
    """
    tls, api_key = tls_config(settings), settings.temporal_api_key.get_secret_value() or None
    pause_s = FIRST_RETRY_S
    while True:
        try:
            client = await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                tls=tls or False,
                api_key=api_key,
                interceptors=[TracingInterceptor()],
            )
            await client.count_workflows()
            return client
        except (RPCError, RuntimeError) as error:
            # The text says whether nobody is there or a certificate is refused; it holds addresses and no secrets.
            log.info(
                "waiting for temporal",
                address=settings.temporal_address,
                error_type=type(error).__name__,
                error=str(error)[:ERROR_CHARS],
            )
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_RETRY_S)


async def watch(client: Client) -> None:
    """Take work away from `interview_ready` while Temporal does not answer, until cancelled."""
    while True:
        await asyncio.sleep(WATCH_S)
        try:
            await client.workflow_service.get_system_info(GetSystemInfoRequest(), timeout=timedelta(seconds=ANSWER_S))
            metrics.READY.set(1)
        except RPCError as error:
            metrics.READY.set(0)
            log.warning("not ready", part="temporal", error_type=type(error).__name__)


def tls_config(settings: TemporalSettings) -> TLSConfig | None:
    """How to talk TLS with Temporal, or None for not at all. Raises OSError."""
    files = (settings.temporal_tls_ca_file, settings.temporal_tls_cert_file, settings.temporal_tls_key_file)
    name, api_key = settings.temporal_tls_server_name, settings.temporal_api_key.get_secret_value()
    if not (settings.temporal_tls or any(files) or name or api_key):
        return None
    ca, certificate, key = (Path(file).read_bytes() if file else None for file in files)
    return TLSConfig(server_root_ca_cert=ca, client_cert=certificate, client_private_key=key, domain=name or None)
