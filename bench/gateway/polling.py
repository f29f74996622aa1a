"""Clients that ask for the status of sessions, as the pages do.

`python -m bench.gateway.polling` is their process; it prints latencies in seconds as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np

from local.system import ROOT


@dataclass(frozen=True, slots=True)
class Latencies:
    """Of all requests of a run, seconds."""

    requests: int
    per_second: float
    p50_s: float
    p99_s: float
    failed: int


def polled(url: str, ids: list[str], folder: Path, clients: int, period_s: float, duration_s: float) -> Latencies:
    """Run the clients in their own process."""
    (folder / "ids.json").write_text(json.dumps(random.sample(ids, clients)))
    arguments = [url, str(folder / "ids.json"), str(period_s), str(duration_s)]
    command = [sys.executable, "-m", "bench.gateway.polling", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    seconds = np.array(found["seconds"])
    p50, p99 = np.percentile(seconds, (50, 99))
    return Latencies(len(seconds), len(seconds) / duration_s, float(p50), float(p99), found["failed"])


async def poll(url: str, ids: list[str], period_s: float, duration_s: float) -> tuple[list[float], int]:
    """One client an id, each asking every `period_s`, spread over the period. Returns latencies and failures."""
    seconds: list[float] = []
    failed = 0

    async def client(http: httpx.AsyncClient, session_id: str) -> None:
        nonlocal failed
        await asyncio.sleep(random.random() * period_s)
        while time.perf_counter() < end:
            started = time.perf_counter()
            answer = await http.get(f"/status/{session_id}")
            seconds.append(time.perf_counter() - started)
            failed += answer.status_code != 200
            await asyncio.sleep(max(0.0, period_s - seconds[-1]))

    # A connection pool each, as each page has: one pool for all searches through its 200 connections every time.
    pages = [httpx.AsyncClient(base_url=url, trust_env=False, verify=False, timeout=30) for _ in ids]
    await asyncio.gather(*(page.get("/healthz") for page in pages))  # every one has its connection
    end = time.perf_counter() + duration_s
    async with asyncio.TaskGroup() as group:
        for page, session_id in zip(pages, ids, strict=True):
            group.create_task(client(page, session_id))
    await asyncio.gather(*(page.aclose() for page in pages))
    return seconds, failed


if __name__ == "__main__":
    address, file, period, duration = sys.argv[1:]
    found, bad = asyncio.run(poll(address, json.loads(Path(file).read_text()), float(period), float(duration)))
    print(json.dumps({"seconds": found, "failed": bad}))
