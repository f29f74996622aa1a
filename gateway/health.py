"""`/healthz` and `/readyz`."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response

from gateway.dependencies import PartsDep
from gateway.orchestrator import Sessions
from gateway.schemas import Health
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.telemetry import metrics
from servicekit.telemetry.logs import get_logger

log = get_logger()
router = APIRouter(tags=["Health"])

TIMEOUT_S = 2.0
PROBE = "probes/ready"
"""Written once for all gateways; kubelets ask every few seconds, and a look costs less than a write."""


@router.get("/healthz", summary="Whether the process is alive", response_model_exclude_unset=True)
async def healthz() -> Health:
    """Always `ok` while the process answers."""
    return Health(status="ok")


@router.get("/readyz", summary="Whether sessions can be started", responses={503: {"model": Health}})
async def readyz(response: Response, parts: PartsDep) -> Health:
    """Ready when the orchestrator serves and the object store answers."""
    serving, kept = await asyncio.gather(_serving(parts.sessions), _kept(parts.store))
    missing = [name for name, found in (("orchestrator", serving), ("object_store", kept)) if not found]
    metrics.READY.set(not missing)
    if missing:
        response.status_code = 503
    return Health(status="not_ready" if missing else "ready", missing=missing)


async def _serving(sessions: Sessions) -> bool:
    try:
        await sessions.check(TIMEOUT_S)
    except ServiceError as error:
        log.warning("not ready", part="orchestrator", reason=error.reason)
        return False
    return True


async def _kept(store: MediaStore) -> bool:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            if not await store.exists(store.uri(PROBE)):
                await store.write(PROBE, b"ready")
    except Exception as error:  # whatever keeps the store from being used is the answer
        reason = error.reason if isinstance(error, ServiceError) else ""
        log.warning("not ready", part="object_store", error_type=type(error).__name__, reason=reason)
        return False
    return True
