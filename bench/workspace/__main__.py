"""`make bench-workspace`, or `python -m bench.workspace [--candidates N]`: the recruiter's pages over a large job.

Real processes on this machine, bounded in count and time; everything that is written is deleted again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.gateway.filling import fill
from bench.gateway.front import Front, front
from bench.gateway.pages import chromium, opened
from bench.workspace.asking import asked
from bench.workspace.filling import job_of, publish

CALLERS, REQUESTS, RUNS = (1, 4), 400, 5
P95_TARGET_S, WEIGHT_TARGET_BYTES, COMPARE_TARGET_S = 0.3, 400_000, 1.0
Row = tuple[str, str, str]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.workspace", description=__doc__)
    parser.add_argument("--candidates", type=int, default=2_000, help="of the job that is looked at")
    parser.add_argument("--others", type=int, default=8_000, help="sessions of nobody's job beside them")
    options = parser.parse_args()
    title = f"A job of {options.candidates} candidates beside {options.others} other sessions, {os.cpu_count()} cores"
    table = Table(title=title)
    for column in ("what", "target", "measured"):
        table.add_column(column)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, front(Path(folder)) as running:
        asyncio.run(fill(running.database, options.others))
        job_id, compared = asyncio.run(job_of(running, options.candidates))
        for row in (*tables(running, job_id), *pages(running, job_id, compared)):
            table.add_row(*row)
    Console(width=150).print(table)


def tables(running: Front, job_id: str) -> Iterator[Row]:
    """Pages of 50 in every order, whole and narrowed, first and later ones."""
    for callers in CALLERS:
        seconds = asyncio.run(asked(running.url, job_id, callers, REQUESTS))
        p95_s = statistics.quantiles(seconds, n=20)[-1]
        yield (
            f"{REQUESTS} pages of the table in every order, {callers} at once",
            f"p95 under {1000 * P95_TARGET_S:.0f} ms" if callers == 1 else "",
            f"p95 {1000 * p95_s:.0f} ms, median {1000 * statistics.median(seconds):.0f} ms",
        )


def pages(running: Front, job_id: str, compared: list[str]) -> Iterator[Row]:
    """The job's page and four candidates side by side, in Chromium."""
    job = f"{running.url}/job.html?job={job_id}"
    seconds, weight, requests = asyncio.run(_opened(job, "#candidates tbody tr:nth-child(50)"))
    yield "the job's page until its table stands there, empty cache", "", f"{seconds:.2f} s"
    size = f"{weight / 1000:.0f} kB in {requests} requests"
    yield "its weight over the wire", f"under {WEIGHT_TARGET_BYTES / 1000:.0f} kB", size
    answers = asyncio.run(publish(running, compared))
    beside = f"{running.url}/compare.html?sessions={','.join(compared)}"
    seconds, weight, requests = asyncio.run(_opened(beside, f"#question-{answers - 1}"))
    yield (
        f"four candidates of {answers} answers side by side until the last question stands there",
        f"under {COMPARE_TARGET_S:g} s",
        f"{seconds:.2f} s, {weight / 1000:.0f} kB in {requests} requests",
    )


async def _opened(address: str, last: str) -> tuple[float, int, int]:
    async with chromium() as browser:
        runs = [await opened(browser, address, last) for _ in range(RUNS)]
    seconds, weight, requests = zip(*runs, strict=True)
    return statistics.median(seconds), int(statistics.median(weight)), max(requests)


if __name__ == "__main__":
    main()
