"""Recruiters make jobs and invite to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from orchestrator.migrate import migrate
from orchestrator.settings import DatabaseSettings
from tests.browser.conftest import Site
from tests.browser.test_dashboard import accessible
from tests.support.recruiting import Recruiting, orchestrator_over, recruiting
from tests.support.smtp import MailServer, mail_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
CSV = "Nama;Surel;Bahasa\nBudi Santoso;budi@example.org;id\nDewi;dewi(at)example.org;id\n;joko@example.org;\n"


@dataclass
class JobSite(Site):
    """The pages over the real orchestrator."""

    gateway: Recruiting  # type: ignore[assignment]  # of the scripted one's parts only its client is needed


@pytest_asyncio.fixture(loop_scope="module")
async def post() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def site(
    browser: Browser, tmp_path: Path, pictures: Path, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[JobSite]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}"
    await asyncio.to_thread(migrate, url)
    orchestrator = orchestrator_over(DatabaseSettings(INTERVIEW_DATABASE_URL=url), tmp_path / "objects", monkeypatch)
    mail = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none", "smtp_sender": "a@example.org"}
    async with recruiting(orchestrator, tmp_path / "objects", **mail) as running:
        found = JobSite(running, browser, pictures)
        yield found
        for context in found.contexts:
            await context.close()
        assert found.complaints == []
    await orchestrator.close()


async def new_job(site: JobSite, template: str = "customer_service", **options: Any) -> Page:
    page = await site.page("/job.html", **options)
    await page.locator("#job select").first.select_option(template)
    await page.locator("button[type=submit]").click()
    await page.wait_for_url("**/job.html?job=*")
    return page


async def test_a_job_is_made_from_a_template_and_listed(site: JobSite) -> None:
    page = await site.page("/jobs.html")
    await expect(page.get_by_text("There are no jobs yet.")).to_be_visible()
    await page.get_by_role("link", name="New job").click()
    await page.get_by_label("Start from").select_option("software_developer")
    await expect(page.get_by_label("Title of the job")).to_have_value("Software developer")
    await page.get_by_label("Longest answer, seconds").first.fill("5")
    await page.get_by_role("button", name="Create the job").click()
    await expect(page.get_by_role("alert")).to_contain_text("from 10 to 1800")
    await page.get_by_label("Longest answer, seconds").first.fill("240")
    await page.get_by_label("Pauses allowed").first.fill("2")
    await page.get_by_label("Candidates may answer with sound alone").check()
    await page.get_by_label("Another tab or window is in front").check()
    await accessible(page)
    await site.picture(page, "job-new")
    await page.get_by_role("button", name="Create the job").click()
    await page.wait_for_url("**/job.html?job=*")
    await expect(page.get_by_role("heading", name="Software developer")).to_be_visible()
    [job] = (await site.gateway.client.get("/v1/jobs")).json()["jobs"]
    assert (job["audio_only"], job["signals"], job["questions"][0]["pauses"]) == (True, ["page_left"], 2)
    await page.reload()
    await expect(page.get_by_label("Another tab or window is in front")).to_be_checked()
    await expect(page.get_by_label("Something is pasted (not what)")).not_to_be_checked()
    await page.get_by_role("link", name="All jobs").click()
    await expect(page.get_by_role("row").nth(1)).to_contain_text("English, questions: 3")
    await accessible(page)
    await site.picture(page, "jobs")


async def test_candidates_are_invited_mailed_prolonged_and_withdrawn(site: JobSite, post: MailServer) -> None:
    page = await new_job(site, permissions=["clipboard-read", "clipboard-write"])
    table = page.get_by_role("region", name="Invitations").get_by_role("table")
    await page.get_by_label("Candidate's name").fill("Siti Rahma")
    await page.get_by_label("E-mail (optional)").fill("siti@example.org")
    await page.get_by_role("button", name="Invite", exact=True).click()
    await expect(table).to_contain_text("not sent")
    upload = page.get_by_label("Or many at once, from a CSV file")
    await upload.set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": CSV.encode()})
    await expect(page.get_by_text("Lines to correct: 2")).to_be_visible()
    await expect(page.get_by_text("Line 3: this is not an e-mail address.")).to_be_visible()
    await expect(page.get_by_text("Line 4: the name is missing.")).to_be_visible()
    await site.picture(page, "job-list-checked")
    mended = CSV.replace("(at)", "@").replace("\n;", "\nJoko;")
    await upload.set_input_files({"name": "list2.csv", "mimeType": "text/csv", "buffer": mended.encode()})
    await page.get_by_role("button", name="Invite all (3)").click()
    await expect(table.get_by_text("not sent")).to_have_count(4)
    await page.get_by_role("button", name="Mail all unsent invitations").click()
    await expect(page.get_by_text("Mailed: 4 of 4.")).to_be_visible()
    assert sorted(mail["To"] for mail in post.mails) == [
        "budi@example.org", "dewi@example.org", "joko@example.org", "siti@example.org",
    ]  # fmt: skip
    await page.get_by_role("button", name="Remind Budi Santoso by mail").click()
    await expect(page.get_by_text("Mailed: 1 of 1.")).to_be_visible()
    assert post.mails[-1]["Subject"].startswith("Pengingat")
    await page.get_by_role("button", name="Give Dewi 7 more days").click()
    await expect(page.get_by_text("Dewi has until")).to_be_visible()
    await page.get_by_role("button", name="Withdraw the invitation for Joko").click()
    await expect(table.get_by_text("withdrawn")).to_have_count(1)
    await page.get_by_role("button", name="Copy the link for Siti Rahma").click()
    await expect(page.get_by_text("The link for Siti Rahma is copied.")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    candidate = await site.page(copied.removeprefix(site.url))
    await expect(candidate.get_by_text("3 questions for: Customer service")).to_be_visible()
    await page.reload()
    await expect(table.get_by_text("opened")).to_have_count(1)
    await accessible(page)
    await site.picture(page, "job")


async def test_questions_that_were_seen_become_another_version(site: JobSite) -> None:
    page = await new_job(site)
    job_id = page.url.partition("job=")[2]
    path = f"/v1/jobs/{job_id}"
    made = await site.gateway.client.post(f"{path}/invitations", json={"candidates": [{"candidate_name": "Siti"}]})
    assert made.status_code == 201, made.text
    [siti] = made.json()["invitations"]
    link = (await site.gateway.client.post(f"{path}/invitations/{siti['invitation_id']}:link")).json()["url"]
    headers = {"Authorization": f"Bearer {link.partition('#')[2]}"}
    assert (await site.gateway.client.get("/v1/upload-link", headers=headers)).status_code == 200
    await page.reload()
    await page.get_by_text("Questions and settings").click()
    await expect(page.get_by_text("Version 1. A candidate has seen it")).to_be_visible()
    await page.get_by_label("Question 1", exact=True).fill("What is good service?")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Questions and settings").click()
    await expect(page.get_by_text("Version 2. No candidate has seen it yet.")).to_be_visible()
    await expect(page.get_by_label("Question 1", exact=True)).to_have_value("What is good service?")
    await page.get_by_role("button", name="Archive").click()
    await expect(page.get_by_role("button", name="Restore")).to_be_visible()
    await expect(page.get_by_role("heading", name="Invite", exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Copy this job").click()
    await expect(page.get_by_role("heading", name="Copy of Customer service")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_telephone_nothing_is_cut_off(site: JobSite, scheme: str) -> None:
    page = await new_job(site, "layanan_pelanggan", width=360, color_scheme=scheme, locale="id-ID")
    await page.get_by_label("Nama kandidat").fill("Siti Rahma")
    await page.get_by_role("button", name="Undang", exact=True).click()
    await expect(page.get_by_role("button", name="Salin tautan untuk Siti Rahma")).to_be_visible()
    await page.get_by_text("Pertanyaan dan pengaturan").click()
    await accessible(page)
    await site.picture(page, f"job-phone-{scheme}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
