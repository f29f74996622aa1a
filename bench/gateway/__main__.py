"""`make bench-gateway`, or `python -m bench.gateway [--sessions N] [--upload-gib N]`: the gateway under load.

Real processes on this machine, bounded in count and time; everything that is written is deleted again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.gateway.encryption import measured
from bench.gateway.filling import fill
from bench.gateway.front import Front, front
from bench.gateway.pages import dashboard
from bench.gateway.polling import polled
from bench.gateway.uploading import Upload, form_upload, made_file, resumable_upload, socket_copy

CLIENTS, DURATION_S = 200, 20.0
PERIODS_S = (5.0, 1.0)
"""Pages ask every 5 s; every second is five times that."""
P99_TARGET_S, SPEED_TARGET, GROWTH_TARGET_BYTES = 0.1, 0.7, 64 << 20
INTERACTIVE_TARGET_S, WEIGHT_TARGET_BYTES, REPORT_TARGET_S = 1.0, 400_000, 2.0
UPLOAD_RUNS = 3
Row = tuple[str, str, str]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.gateway", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000, help="stored before anything is measured")
    parser.add_argument("--upload-gib", type=float, default=2.0, help="size of the upload")
    parser.add_argument("--encryption", action="store_true", help="only what encryption costs")
    options = parser.parse_args()
    table = Table(title=f"The gateway on {os.cpu_count()} cores, {options.sessions} sessions stored")
    for column in ("what", "target", "measured"):
        table.add_column(column)
    for row in encryption():
        table.add_row(*row)
    if options.encryption:
        Console(width=150).print(table)
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, front(Path(folder)) as running:
        ids = asyncio.run(fill(running.database, options.sessions))
        for rows in (
            polling(running, ids, Path(folder)),
            pages(running),
            uploads(running, Path(folder), int(options.upload_gib * (1 << 30))),
        ):
            for row in rows:
                table.add_row(*row)
    Console(width=150).print(table)


def encryption() -> Iterator[Row]:
    """What encryption costs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield from measured(Path(folder))


def polling(running: Front, ids: list[str], folder: Path) -> Iterator[Row]:
    """Clients that ask where sessions stand."""
    for period_s in PERIODS_S:
        found = polled(running.url, ids, folder, CLIENTS, period_s, DURATION_S)
        yield (
            f"{CLIENTS} clients, a status every {period_s:g} s, for {DURATION_S:g} s",
            f"p99 under {1000 * P99_TARGET_S:.0f} ms" if period_s == PERIODS_S[0] else "",
            f"p99 {1000 * found.p99_s:.0f} ms, median {1000 * found.p50_s:.0f} ms, "
            f"{found.per_second:.0f} a second, {found.failed} failed",
        )


def pages(running: Front) -> Iterator[Row]:
    """The dashboard and the report."""
    found = asyncio.run(dashboard(running))
    yield (
        "dashboard of 10 answers until the last one stands there, empty cache",
        f"under {INTERACTIVE_TARGET_S:g} s",
        f"{found.interactive_s:.2f} s",
    )
    weight = f"{found.wire_bytes / 1000:.0f} kB in {found.requests} requests"
    yield "its weight over the wire without stills", f"under {WEIGHT_TARGET_BYTES / 1000:.0f} kB", weight
    yield (
        "report of 10 answers as a PDF",
        f"under {REPORT_TARGET_S:g} s",
        f"{found.report_s:.2f} s, {found.report_bytes / 1000:.0f} kB",
    )


def uploads(running: Front, folder: Path, size: int) -> Iterator[Row]:
    """A large file in each way, beside a plain copy; the best of the runs of each, taken in turn."""
    source = made_file(folder / "large.mp4", size)
    runs: list[list[Upload]] = [
        [
            socket_copy(source, folder / "copy", hashed=False),
            socket_copy(source, folder / "copy", hashed=True),
            form_upload(running.url, source, running.gateway),
            resumable_upload(running.url, source, running.gateway),
        ]
        for _ in range(UPLOAD_RUNS)
    ]
    copy, hashed, *ways = [min(found, key=lambda upload: upload.seconds) for found in zip(*runs, strict=True)]
    for plain in (copy, hashed):
        yield (
            f"{size / (1 << 30):g} GiB {plain.name}",
            "",
            f"{plain.seconds:.1f} s, {size / plain.seconds / 1e6:.0f} MB/s",
        )
    for way, target in zip(ways, (f"{100 * SPEED_TARGET:.0f} % of the copy's speed; ", ""), strict=True):
        growth = max(u.growth.bytes for found in runs for u in found if u.name == way.name)
        yield (
            f"the same by {way.name}",
            f"{target}memory growth under {GROWTH_TARGET_BYTES >> 20} MiB",
            f"{size / way.seconds / 1e6:.0f} MB/s, {100 * copy.seconds / way.seconds:.0f} % "
            f"({100 * hashed.seconds / way.seconds:.0f} % of copy with hash), growth {growth >> 20} MiB",
        )


if __name__ == "__main__":
    main()
