"""Callers that ask for pages of a job's candidates, one after the other."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator

import httpx

ORDERS = ("created", "name", "total", "outcome", "findings", "decision")
NARROWED: tuple[dict[str, str], ...] = (
    {},
    {"decision": "open"},
    {"outcome": "pass", "findings": "none"},
    {"least_total": "50", "most_total": "80"},
    {"q": "a1"},
)


async def asked(url: str, job_id: str, callers: int, requests: int) -> list[float]:
    """Seconds of each request: every order, direction and filter in turn, each second one for a later page."""
    wanted, seconds = itertools.islice(_wanted(), requests), list[float]()
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        path = f"/v1/jobs/{job_id}/candidates"
        await asyncio.gather(*(_ask(http, path, wanted, seconds) for _ in range(callers)))
    return seconds


def _wanted() -> Iterator[dict[str, str]]:
    kinds = itertools.product(ORDERS, ("true", "false"), NARROWED)
    return itertools.cycle({"order": order, "descending": down, **narrowed} for order, down, narrowed in kinds)


async def _ask(http: httpx.AsyncClient, path: str, wanted: Iterator[dict[str, str]], seconds: list[float]) -> None:
    token = ""
    for params in wanted:
        token = await _timed(http, path, params, seconds)
        if token and next(wanted, None) is not None:
            await _timed(http, path, {**params, "page_token": token}, seconds)


async def _timed(http: httpx.AsyncClient, path: str, params: dict[str, str], seconds: list[float]) -> str:
    started = time.perf_counter()
    response = await http.get(path, params=params)
    seconds.append(time.perf_counter() - started)
    response.raise_for_status()
    return str(response.json()["next_page_token"])
