"""Tells Kubernetes which replica goes first when there are to be fewer: `python -m orchestrator.scaledown`."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from orchestrator.scaledown.costs import keep_looking
from orchestrator.scaledown.load import Loads
from orchestrator.scaledown.pods import Pods
from orchestrator.scaledown.settings import ScaleDownSettings
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import configure_logs


async def run(settings: ScaleDownSettings) -> None:
    """Look until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    pods, loads = Pods(settings.api_url, Path(settings.credentials)), Loads(settings.pod_metrics_port)
    looking = asyncio.create_task(keep_looking(pods, loads, settings.interval_s))
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({looking, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if looking.done():
        looking.result()  # it only ends by a bug, which is told
    looking.cancel()
    await pods.close()
    await loads.close()


def main() -> None:
    """Run the process."""
    settings = ScaleDownSettings()
    configure_logs(settings.log_level, "scale-down")
    metrics.serve_metrics(settings.host, settings.metrics_port)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
