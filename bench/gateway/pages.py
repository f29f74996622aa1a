"""The dashboard of ten answers in Chromium with an empty cache, and the report of the same session."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from playwright.async_api import Browser, async_playwright

from bench.gateway.front import Front
from local.system import ROOT
from orchestrator.database import open_engine
from orchestrator.reviews.tables import ReviewState
from orchestrator.sessions.states import AnswerState, SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings

RECORDED = ROOT / "tests" / "testdata" / "recorded"
ANSWERS, RUNS = 10, 5


@dataclass(frozen=True, slots=True)
class Page:
    """Medians over the runs."""

    interactive_s: float
    """From the address to the last answer standing there."""
    wire_bytes: int
    """Of everything but stills, compressed as sent."""
    requests: int
    report_s: float
    report_bytes: int


async def dashboard(front: Front) -> Page:
    """Publish a recorded result ten answers long, then open it and print it."""
    session_id = await _publish(front)
    path = f"{front.url}/halaman_dasboard.html?session={session_id}"
    async with chromium() as browser:
        runs = [await opened(browser, path, f"#answer-{ANSWERS - 1} h2") for _ in range(RUNS)]
    async with httpx.AsyncClient(base_url=front.url, trust_env=False, timeout=60) as http:
        started = time.perf_counter()
        report = await http.get(f"/v1/sessions/{session_id}/report.pdf")
        report_s = time.perf_counter() - started
    report.raise_for_status()
    seconds, wire, requests = zip(*runs, strict=True)
    return Page(statistics.median(seconds), int(statistics.median(wire)), max(requests), report_s, len(report.content))


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The machine's browser, or Playwright's own."""
    async with async_playwright() as playwright:
        program = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        await browser.close()


async def opened(browser: Browser, address: str, last: str) -> tuple[float, int, int]:
    """Open a page with an empty cache: seconds until `last` (a selector) stands there, bytes as sent, requests."""
    context = await browser.new_context()
    page = await context.new_page()
    wire: list[int] = []
    devtools = await context.new_cdp_session(page)
    await devtools.send("Network.enable")
    images: set[str] = set()
    devtools.on("Network.responseReceived", lambda e: images.add(e["requestId"]) if e["type"] == "Image" else None)
    devtools.on(
        "Network.loadingFinished",
        lambda e: None if e["requestId"] in images else wire.append(int(e["encodedDataLength"])),
    )
    started = time.perf_counter()
    await page.goto(address)
    await page.locator(last).wait_for()
    seconds = time.perf_counter() - started
    await page.wait_for_load_state("networkidle")
    await context.close()
    return seconds, sum(wire), len(wire)


async def _publish(front: Front) -> str:
    store = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(front.objects)))
    result: dict[str, Any] = json.loads((RECORDED / "result.json").read_text())
    whole = [item for item in result["content"] if item["result"]["error"] is None]
    result["content"] = [_renumbered(whole[n % len(whole)], n) for n in range(ANSWERS)]
    session_id = str(result["session"])
    for n in range(ANSWERS):
        timeline = (RECORDED / str(n % len(whole)) / "timeline.json").read_bytes()
        await store.write(f"sessions/{session_id}/{n}/timeline.json", timeline)
    media = await store.write(f"results/{session_id}.json", json.dumps(result).encode())
    sessions = SessionStore(open_engine(front.database))
    await sessions.create(_row(session_id, asdict(media)))
    await sessions.close()
    return session_id


def _renumbered(item: dict[str, Any], index: int) -> dict[str, Any]:
    own, other = f'"{item["id"] - 1}/timeline.json"', f'"{index}/timeline.json"'
    found: dict[str, Any] = json.loads(json.dumps(item).replace(own, other))
    return found | {"id": index + 1}


def _row(session_id: str, result: dict[str, object]) -> SessionRow:
    now = datetime.now(UTC)
    answers = [
        AnswerRow(
            session_id=session_id,
            index=n,
            position_id=n + 1,
            question="Tell me about yourself.",
            language="en",
            state=AnswerState.COMPLETED,
        )
        for n in range(ANSWERS)
    ]
    return SessionRow(
        id=session_id,
        request_sha256="0" * 64,
        candidate_name="Sample Candidate",
        language="en",
        state=SessionState.COMPLETED,
        message="Completed.",
        created_at=now,
        updated_at=now,
        ended_at=now,
        retention_end_at=now,
        policy="default",
        review_state=ReviewState.OPEN,
        result=result,
        answers=answers,
    )
