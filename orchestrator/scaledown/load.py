"""What a replica is doing, by its own metrics."""

from __future__ import annotations

import httpx
from prometheus_client.parser import text_string_to_metric_families

RUNNING = "interview_calls_running"
OURS = "/interview."
"""Methods that are work; health and reflection are not."""

TIMEOUT_S = 3.0


class Loads:
    """Asks replicas how many calls they work on."""

    def __init__(self, port: int) -> None:
        """`port`: where every replica tells its metrics."""
        self._port = port
        self._http = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)

    async def calls(self, address: str) -> int | None:
        """Calls that run there now, or None where it does not answer."""
        host = f"[{address}]" if ":" in address else address
        try:
            answer = await self._http.get(f"http://{host}:{self._port}/metrics")
            answer.raise_for_status()
            return running(answer.text)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return None

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()


def running(metrics: str) -> int:
    """Calls in progress, of metrics in Prometheus' text format. Raises ValueError for anything else."""
    return round(
        sum(
            sample.value
            for family in text_string_to_metric_families(metrics)
            for sample in family.samples
            if sample.name == RUNNING and sample.labels.get("method", "").startswith(OURS)
        )
    )
