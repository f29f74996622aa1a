"""`python -m bench.workspace.recording [--minutes M]`: a candidate records over a slow line that is cut ten times.

Real processes on this machine and Chromium, whose camera and microphone play the sample; everything is deleted again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Page, expect
from rich.console import Console
from rich.table import Table

from bench.gateway.front import Front, front
from bench.workspace.arriving import COUNTED, Backlog, Held, held, stored_bytes
from bench.workspace.camera import recording_chromium
from bench.workspace.slow_line import SlowLine

EACH_S = 2.0
QUESTION = {"text": "Tell us about a piece of software that you built.", "thinking_s": 600, "retakes": 0}
JOB = {"title": "Developer", "language": "en"}
LIMIT_S, SPARE_S = 1800, 10
"""The longest answer that a job allows, and how long before that the candidate ends it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How long is recorded, over which line; `cut_s`: how long each cut lasts."""

    minutes: float
    kilobits: int
    cuts: int
    cut_s: float


@dataclass(frozen=True, slots=True)
class Session:
    """What was seen of one recording."""

    measured: str
    """What the page said of the line."""
    recorded_s: float
    recorded_bytes: int
    backlog: Backlog
    arrived_after_s: float
    """From the end of the recording until all of it was on the server."""
    file: Held


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.workspace.recording", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="to record, 30 at most, less a few seconds")
    parser.add_argument("--kilobits", type=int, default=300, help="a second that the line sends")
    parser.add_argument("--cuts", type=int, default=10, help="of the network, evenly spread")
    parser.add_argument("--cut-seconds", type=float, default=10.0, help="that each of them lasts")
    given = parser.parse_args()
    wanted = Wanted(min(given.minutes, 30.0), given.kilobits, given.cuts, given.cut_seconds)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, front(Path(folder)) as running:
        found = asyncio.run(_session(running, wanted, Path(folder)))
    table = Table(title=f"{wanted.minutes:g} minutes at {wanted.kilobits} kbit/s, {os.cpu_count()} cores")
    for column in ("what", "target", "measured"):
        table.add_column(column)
    for row in rows(found, wanted):
        table.add_row(*row)
    Console(width=150).print(table)


def rows(found: Session, wanted: Wanted) -> Iterator[tuple[str, str, str]]:
    """The figures as a table."""
    file, backlog = found.file, found.backlog
    lost = found.recorded_bytes - file.size_bytes
    yield "what the page measured of the line", "", found.measured
    yield "picture", "", f"{file.height} lines, {file.frame_rate_hz:.1f} frames a second"
    yield "recorded", "", f"{found.recorded_s:.0f} s, {found.recorded_bytes} bytes"
    rate = file.size_bytes * 8 / 1000 / found.recorded_s
    yield "its rate", f"under {wanted.kilobits} kbit/s", f"{rate:.0f} kbit/s"
    yield "arrived", "", f"{file.sound_s:.1f} s of sound, {file.picture_s:.1f} s of picture"
    yield f"lost with the network cut {wanted.cuts} times for {wanted.cut_s:g} s", "0 bytes", f"{lost} bytes"
    yield "steps of more than half a second", "0", f"{file.gaps} (longest step {file.longest_step_s:.2f} s)"
    behind = f"median {statistics.median(backlog.seconds):.1f} s, most {max(backlog.seconds):.1f} s"
    yield "server behind the page while it records", "", f"{behind}, most {max(backlog.bytes) / 1000:.0f} kB"
    yield "all there after the end of the recording", "", f"{found.arrived_after_s:.1f} s"


async def _session(running: Front, wanted: Wanted, folder: Path) -> Session:
    address = await _invited(running)
    (folder / "devices").mkdir()
    async with recording_chromium(folder / "devices") as browser:
        page = await (await browser.new_context(viewport={"width": 1000, "height": 900})).new_page()
        page.set_default_timeout(120_000)
        await page.add_init_script(COUNTED)
        line = await SlowLine.of(page, wanted.kilobits)
        await page.goto(address)
        await _press(page, "Record my answers")
        measured = await _measured(page)
        await _press(page, "Start with the questions")
        await _press(page, "Start recording")
        backlog = await _recorded(page, line, wanted, running.objects)
        await _press(page, "I have finished")
        ended = time.perf_counter()
        await _press(page, "Keep and continue")
        await page.get_by_role("button", name="Submit my answers").wait_for(timeout=3_600_000)
        arrived_after_s = time.perf_counter() - ended
        counted = await page.evaluate("window.counted")
        await _press(page, "Submit my answers")
        await page.get_by_text("Thank you").wait_for()
    [file] = [path for path in running.objects.glob("sessions/*/0/upload/*") if path.is_file()]
    recorded_s = counted[-1][0] - counted[0][0] + EACH_S
    return Session(measured, recorded_s, counted[-1][1], backlog, arrived_after_s, held(file))


async def _recorded(page: Page, line: SlowLine, wanted: Wanted, objects: Path) -> Backlog:
    """Look every two seconds, and cut the network as often as is wanted, until the time is over."""
    backlog, started, total_s = Backlog(), time.perf_counter(), min(wanted.minutes * 60, LIMIT_S - SPARE_S)
    each_s = total_s / max(1, wanted.cuts)
    cuts = [(n + 0.5) * each_s for n in range(wanted.cuts)]
    is_cut = False
    while (at_s := time.perf_counter() - started) < total_s:
        away = any(cut <= at_s < cut + wanted.cut_s for cut in cuts)
        if away != is_cut:
            await (line.cut() if away else line.mend())
            is_cut = away
        counted, now_s = await page.evaluate("[window.counted, performance.now() / 1000]")
        backlog.add([(moment, total) for moment, total in counted], stored_bytes(objects), now_s)
        await asyncio.sleep(EACH_S)
    await line.mend()
    return backlog


async def _measured(page: Page) -> str:
    """What the device check says of the line, as soon as it does."""
    said = page.locator("dd").nth(2)
    await expect(said).not_to_have_text("…", timeout=120_000)
    return await said.inner_text()


async def _press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def _invited(running: Front) -> str:
    """The address of a candidate who has agreed."""
    async with httpx.AsyncClient(base_url=running.url, trust_env=False, timeout=60) as http:

        async def post(path: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
            found: dict[str, Any] = (await http.post(path, json=body, **more)).raise_for_status().json()
            return found

        job = await post("/v1/jobs", JOB | {"questions": [QUESTION | {"limit_s": LIMIT_S}]})
        of_job = f"/v1/jobs/{job['job_id']}/invitations"
        invited = await post(of_job, {"candidates": [{"candidate_name": "Siti Rahma"}]})
        link = await post(f"{of_job}/{invited['invitations'][0]['invitation_id']}:link", {})
        headers = {"Authorization": f"Bearer {link['url'].partition('#')[2]}"}
        seen = (await http.get("/v1/upload-link", headers=headers)).raise_for_status().json()
        hashes = {f"{name}_sha256": seen[name]["sha256"] for name in ("consent", "information")}
        await post("/v1/upload-link/consent", {"language": "en"} | hashes, headers=headers)
    return str(link["url"])


if __name__ == "__main__":
    main()
