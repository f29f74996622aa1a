"""Which pods get another deletion cost: as many as the calls they work on, so that the idle ones go first."""

from __future__ import annotations

import asyncio

import httpx

from orchestrator.scaledown.load import Loads
from orchestrator.scaledown.pods import NoRightError, Pod, Pods
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import get_logger

log = get_logger()
SERVICES = ("transcriber", "vision", "audio", "judge")
"""Whose replicas finish their calls before they leave. A worker hands its stages back at once, whichever it is."""

MOST_WRITES = 20
"""In one look: the API server has other things to do. Those that wait are written in the next."""


def changes(pods: list[Pod], calls: list[int | None]) -> list[tuple[Pod, int]]:
    """The pods whose cost is another than it was, the ones with most to lose first; one that tells nothing stays."""
    found = [(pod, now) for pod, now in zip(pods, calls, strict=True) if now is not None and now != pod.cost]
    return sorted(found, key=lambda change: (-change[1], change[0].name))[:MOST_WRITES]


async def look(pods: Pods, loads: Loads) -> int:
    """Bring every pod's cost to what it does now; how many were written. Raises NoRightError, httpx.HTTPError."""
    there = await pods.running(SERVICES)
    calls = await asyncio.gather(*(loads.calls(pod.address) for pod in there))
    changed = changes(there, list(calls))
    for pod, cost in changed:
        await pods.set_cost(pod, cost)
    return len(changed)


async def keep_looking(pods: Pods, loads: Loads, interval_s: float) -> None:
    """Look until cancelled. Where it cannot, Kubernetes' own order counts, and `interview_ready` says 0."""
    while True:
        try:
            written = await look(pods, loads)
            metrics.READY.set(1)
            log.debug("costs written", pods=written)
        except NoRightError as error:
            metrics.READY.set(0)
            log.warning("no right to do this; replicas leave in Kubernetes' own order", action=str(error))
        except (httpx.HTTPError, OSError, ValueError, KeyError) as error:
            metrics.READY.set(0)
            log.warning("costs not written", error_type=type(error).__name__)
        await asyncio.sleep(interval_s)
