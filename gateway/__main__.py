"""`python -m gateway`: serve until SIGTERM."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterable
from typing import Any

import uvicorn
from pydantic import ValidationError

from gateway.app import create_app
from gateway.consents.store import Consents
from gateway.orchestrator import Sessions
from gateway.organisation import acting_for
from gateway.settings import GatewaySettings
from gateway.uploads.expiry import sweep
from gateway.uploads.store import uploads_in
from gateway.vault.orchestrator import Vault
from servicekit.client import open_channel
from servicekit.media import MediaStore
from servicekit.organisation import DEFAULT
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import configure_logs
from servicekit.telemetry.tracing import configure_tracing

CLEAN_UP_TIMEOUT_S = 5.0


async def serve(settings: GatewaySettings) -> None:
    """Serve until SIGTERM or SIGINT; running requests get `drain_timeout_s` to finish."""
    async with open_channel(settings.orchestrator_target, settings) as channel:
        sessions = Sessions(channel, settings.orchestrator_timeout_s)
        store = MediaStore(settings, keys=Vault(sessions))
        app = create_app(settings, store, sessions)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # by default uvicorn believes whoever connects from loopback; see the application
            timeout_graceful_shutdown=settings.drain_timeout_s,
        )
        sweeps = sweep(uploads_in(store, settings), sessions, store), Consents(store).sweep()
        sweeping = started(sweeps)
        await uvicorn.Server(config).serve()
        for each in sweeping:
            each.cancel()
        await _cleaned_up()


def started(sweeps: Iterable[Coroutine[Any, Any, None]]) -> list[asyncio.Task[None]]:
    """As tasks that act for the default organisation, since no request of anybody's begins them."""
    with acting_for(DEFAULT):
        return [asyncio.create_task(each) for each in sweeps]


async def _cleaned_up() -> None:
    # uvicorn cancels requests that outlive the drain time without waiting for them, and an upload still has to
    # remove what it stored. Leaving at once can also abort the interpreter while obstore lets go of a stream.
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=CLEAN_UP_TIMEOUT_S)


def main() -> None:
    """Read the settings and serve."""
    try:
        settings = GatewaySettings()
    except ValidationError as error:
        raise SystemExit("\n".join(str(item["msg"]) for item in error.errors())) from None
    configure_logs(settings.log_level, "gateway")
    configure_tracing(settings.otlp_endpoint, "gateway")
    metrics.serve_metrics(settings.host, settings.metrics_port)
    # uvicorn ends gracefully and then raises the signal once more; that must not turn a clean end into a failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.signal(signal.SIGINT, lambda *_: None)
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
