"""Group questions: set by a job, answered under a link, shown as rates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from orchestrator.api import Orchestrator
from orchestrator.impact.tables import GroupAnswerRow
from orchestrator.migrate import migrate
from orchestrator.settings import DatabaseSettings
from tests.browser.conftest import Site
from tests.browser.test_dashboard import accessible
from tests.support.candidates import Made, _create, seed
from tests.support.hiring import JOB, SECRET
from tests.support.recruiting import Recruiting, orchestrator_over, recruiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


class ImpactSite(Site):
    """The pages over the real orchestrator."""

    gateway: Recruiting  # type: ignore[assignment]
    orchestrator: Orchestrator


@pytest_asyncio.fixture(loop_scope="module")
async def site(
    browser: Browser, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ImpactSite]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}"
    await asyncio.to_thread(migrate, url)
    orchestrator = orchestrator_over(DatabaseSettings(INTERVIEW_DATABASE_URL=url), tmp_path / "objects", monkeypatch)
    async with recruiting(orchestrator, tmp_path / "objects", signing_key=SECRET) as running:
        found = ImpactSite(running, browser, pictures)  # type: ignore[arg-type]
        found.orchestrator = orchestrator
        yield found
        for context in found.contexts:
            await context.close()
        assert found.complaints == []
    await orchestrator.close()


async def test_a_job_asks_a_candidate_answers_and_nobody_sees_what(site: ImpactSite) -> None:
    client = site.gateway.client
    job_id = (await client.post("/v1/jobs", json=JOB)).json()["job_id"]
    page = await site.page(f"/job.html?job={job_id}")
    await page.get_by_text("Equal treatment").click()
    await page.get_by_label("Sex").check()
    await page.get_by_label("Race or ethnicity").check()
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await accessible(page)
    await site.picture(page, "job-groups")
    invited = await client.post(f"/v1/jobs/{job_id}/invitations", json={"candidates": [{"candidate_name": "Siti"}]})
    invitation = invited.json()["invitations"][0]["invitation_id"]
    link = (await client.post(f"/v1/jobs/{job_id}/invitations/{invitation}:link")).json()["url"]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    await _create(site.orchestrator._store, invitation, Made("Siti", "pass", 70.0), at, job_id, {})
    mine = await site.page(link.removeprefix(site.url), width=360, locale="id-ID")
    await expect(mine.get_by_role("heading", name="Pertanyaan sukarela")).to_be_visible()
    await expect(mine.get_by_label("Saya memilih tidak menyebutkan").first).to_be_checked()
    await mine.get_by_label("Perempuan").check()
    await mine.get_by_role("button", name="Simpan").click()
    await expect(mine.get_by_text("Tersimpan. Terima kasih.")).to_be_visible()
    await expect(mine.get_by_label("Perempuan")).not_to_be_checked()  # what was said is not shown again
    await accessible(mine)
    await site.picture(mine, "candidate-groups")
    await mine.get_by_role("button", name="Hapus jawaban saya").click()
    await expect(mine.get_by_text("Tidak ada jawaban yang disimpan.")).to_be_visible()


@pytest.mark.parametrize(("width", "locale", "name"), [(1280, "en-GB", "impact"), (360, "id-ID", "impact-phone")])
async def test_the_report(site: ImpactSite, width: int, locale: str, name: str) -> None:
    client = site.gateway.client
    job_id = (await client.post("/v1/jobs", json=JOB)).json()["job_id"]
    await client.put(f"/v1/jobs/{job_id}/group-questions", json={"characteristics": [{"name": "sex"}]})
    women = [
        Made(f"W{n}", "pass" if n < 6 else "fail", 40.0 + n, decision="pass" if n < 4 else "fail") for n in range(8)
    ]
    men = [Made(f"M{n}", "pass", 70.0 + n, decision="pass" if n < 8 else "fail") for n in range(10)]
    ids = await seed(site.orchestrator, job_id, (*women, *men))
    async with site.orchestrator._store.transaction() as db:
        for person, session_id in ids.items():
            groups = {"sex": "female" if person.startswith("W") else "male"}
            at = datetime.now(UTC)
            db.add(GroupAnswerRow(session_id=session_id, job_id=job_id, groups=groups, given_at=at))
    page = await site.page(f"/impact.html?job={job_id}", width=width, locale=locale)
    row = page.get_by_role("row", name="Female" if locale == "en-GB" else "Perempuan").first
    await expect(row).to_contain_text("50 %")
    await expect(row).to_contain_text("4/5")
    await accessible(page)
    await site.picture(page, name)
