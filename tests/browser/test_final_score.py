"""A session has one final score: the same figure, rounded the same way, wherever somebody reads it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from structlog.testing import capture_logs
from typer.testing import CliRunner

from gateway.greenhouse.results import complete_status
from gateway.published import Result
from gateway.report.printout import html
from interview_client import reading
from interview_client.cli import app
from orchestrator.fusion.published.headline import headline
from orchestrator.migrate import migrate
from orchestrator.sessions.states import SessionState
from orchestrator.settings import DatabaseSettings
from servicekit.media import MediaStore
from servicekit.scores import rounding as scores
from servicekit.settings import StoreSettings
from tests.browser.conftest import Site
from tests.contract.gateway.test_report import shown
from tests.support.candidates import Made, seed
from tests.support.recorded import rated_result, recorded_session
from tests.support.recruiting import orchestrator_over, recruiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
JOB = {"title": "Customer service", "language": "en", "questions": [{"text": "Why?"}]}
FIGURES = {"Ani": (79.5, 71.5, 86.5), "Budi": (79.35, 71.25, 86.05), "Citra": (80.0, 72.0, 88.0)}
"""Total and interval: of 79 and 80; of an earlier version, whose totals have two digits and whose nearest binary number
lies below; whole."""
READ = {"Ani": "79.5 (71.5–86.5)", "Budi": "79.4 (71.3–86.1)", "Citra": "80 (72–88)"}


def of(name: str) -> dict[str, Any]:
    total, low, high = FIGURES[name]
    result = rated_result()
    proposed = {"total": total, "interview_score": total, "total_low": low, "total_high": high, "outcome": "consider"}
    result["decision_proposal"] |= proposed | {"reasons": []}
    return result | {"name": name}


class Published:
    """Sessions with these scores, and every way to read them."""

    def __init__(self, site: Site, job_id: str, ids: dict[str, str]) -> None:
        self.site, self.job_id, self.ids = site, job_id, ids

    async def text(self, path: str, selector: str) -> str:
        page = await self.site.page(path)
        found = page.locator(selector)
        await expect(found.first).to_be_visible()
        return " ".join((await found.all_inner_texts())[0].split())

    async def command(self, *arguments: str) -> str:
        given = {"COLUMNS": "250", "NO_COLOR": "1", "FORCE_COLOR": None, "INTERVIEW_URL": self.site.url}
        with capture_logs():
            done = await asyncio.to_thread(CliRunner().invoke, app, arguments, env=given)
        assert done.exit_code == 0, done.output
        return done.output


@pytest_asyncio.fixture(loop_scope="module")
async def published(
    browser: Browser, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Published]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}"
    await asyncio.to_thread(migrate, url)
    objects = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    orchestrator = orchestrator_over(DatabaseSettings(INTERVIEW_DATABASE_URL=url), tmp_path / "objects", monkeypatch)
    async with recruiting(orchestrator, tmp_path / "objects") as running:
        site = Site(running, browser, pictures)  # type: ignore[arg-type]  # only its client and port are needed
        job_id = (await running.client.post("/v1/jobs", json=JOB)).json()["job_id"]
        people = tuple(Made(name, "consider", total) for name, (total, *_) in FIGURES.items())
        ids = await seed(orchestrator, job_id, people)
        for name, session_id in ids.items():
            content = json.dumps(of(name)).encode()
            written = await objects.write(f"results/{session_id}.json", content)
            columns = asdict(headline(content))
            await orchestrator._store.publish(
                session_id, SessionState.COMPLETED, "Completed.", written, timedelta(days=9), columns
            )
        yield Published(site, job_id, ids)
        for context in site.contexts:
            await context.close()
        site.expected("404")  # stills and timelines are not there
        assert site.complaints == []
    await orchestrator.close()


async def test_every_surface_says_the_same(published: Published) -> None:
    compared = f"/compare.html?sessions={','.join(published.ids.values())}"
    for name, session_id in published.ids.items():
        figure, bare = READ[name], READ[name].partition(" ")[0]
        row = f"#candidates tbody tr:has-text('{name}')"
        assert figure in await published.text(f"/job.html?job={published.job_id}", row)
        assert figure in await published.text(compared, f"main tbody tr:has-text('{name}')")
        dashboard = f"/halaman_dasboard.html?session={session_id}"
        assert figure in await published.text(dashboard, "section[aria-labelledby=proposal]")
        overall = await published.text(dashboard, "section[aria-labelledby=overall] table")
        assert overall.count(f" {bare} ") == 2, overall  # the answers' mean and, without a project, the same
        printed = html(shown(of(name)))
        assert (printed.count(f"<b>{bare}</b>"), f"<b>{figure}</b>" in printed) == (2, True)
        read = await published.command("results", session_id)
        assert read.count(f" {bare} of 100") == 2, read
        assert f"total {figure} of 100" in read
        status = complete_status(recorded_session(), Result.model_validate(of(name)), "")
        assert str(status.partner_score).removesuffix(".0") == bare
        assert "give {} to {}".format(*figure[:-1].partition("(")[2].split("–")) in str(status.metadata)
    listed = await published.command("candidates", "list", published.job_id)
    side_by_side = await published.command("candidates", "compare", *published.ids.values())
    response = await published.site.gateway.client.get("/v1/sessions.csv")
    rows = {row["candidate_name"]: row for row in csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff")))}
    for name, figure in READ.items():
        assert figure in listed
        assert figure in side_by_side
        told = [rows[name][column].removesuffix(".0") for column in ("score", "total_low", "total_high")]
        assert "{} ({}–{})".format(*told) == figure
    result = (await published.site.gateway.client.get(f"/results/{published.ids['Ani']}.json")).json()
    assert result["decision_proposal"]["total"] == 79.5


async def test_pages_client_and_services_round_alike(published: Published) -> None:
    chance = random.Random(1)
    values = [n / 20 for n in range(0, 2001, 7)] + [round(chance.uniform(0, 100), 4) for _ in range(300)]
    page: Page = await published.site.page("/sessions.html")
    code = """async (values) => {
      const { halfUp } = await import("/assets/results/interval.js");
      return values.map((value) => [halfUp(value), halfUp(value, 1)]);
    }"""
    on_pages = await page.evaluate(code, values)
    assert on_pages == [[scores.half_up(value), scores.half_up(value, 1)] for value in values]
    assert on_pages == [[reading.half_up(value), reading.half_up(value, 1)] for value in values]
