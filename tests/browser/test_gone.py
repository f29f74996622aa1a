"""What pages say of what is not there: that it was deleted and when, or that there never was such a thing."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Site
from tests.browser.test_dashboard import DASHBOARD, accessible
from tests.support.recorded import ID

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
DELETED, UNKNOWN = "d" * 32, "f" * 32
RECEIPT = {
    "kind": "deletion-receipt", "session_id": DELETED, "deleted_at": "2026-03-04T10:30:00+00:00", "reason": "request",
    "rows": {"sessions": 1}, "objects": {"count": 4, "sha256": "0" * 64}, "uploads": {"count": 1},
    "workflow_histories": {"count": 3, "sha256": "0" * 64}, "result_sha256": "", "public_key": "k", "signature": "s",
}  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "title", "words", "receipt"),
    [
        ("en-GB", "Deleted", "This session was deleted on Mar 4, 2026", "Receipt of the deletion"),
        ("id-ID", "Sudah dihapus", "dihapus pada 4 Mar 2026, 17.30 atas permintaan", "Tanda terima penghapusan"),
    ],
)
async def test_a_deleted_session_says_when_and_has_its_receipt(
    site: Site, locale: str, title: str, words: str, receipt: str
) -> None:
    site.gateway.orchestrator.audit.receipts[DELETED] = json.dumps(RECEIPT)
    page = await site.page(
        f"/halaman_dasboard.html?session={DELETED}", locale=locale, width=360, timezone_id="Asia/Jakarta"
    )
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await expect(page.locator("main")).to_contain_text(words)
    async with page.expect_download() as begun:
        await page.get_by_role("link", name=receipt).click()
    download = await begun.value
    assert json.loads((await download.path()).read_text())["deleted_at"] == RECEIPT["deleted_at"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await accessible(page)
    await site.picture(page, f"gone-{locale}")
    site.expected("410")


async def test_the_end_of_its_time_is_said_too(site: Site) -> None:
    site.gateway.orchestrator.audit.receipts[DELETED] = json.dumps(RECEIPT | {"reason": "retention"})
    page = await site.page(f"/halaman_dasboard.html?session={DELETED}")
    await expect(page.get_by_text("when its retention time was over")).to_be_visible()
    site.expected("410")


async def test_the_comparison_says_what_became_of_each(site: Site) -> None:
    await site.publish()
    site.gateway.orchestrator.audit.receipts[DELETED] = json.dumps(RECEIPT)
    page = await site.page(f"/compare.html?sessions={ID},{DELETED},{UNKNOWN}")
    alerts = page.get_by_role("alert")
    await expect(alerts).to_have_count(2)
    await expect(alerts.first).to_contain_text("This session was deleted on Mar 4, 2026")
    await expect(alerts.last).to_contain_text("There is no session with this address.")
    await expect(page.get_by_role("heading", level=3).first).to_have_text("Sample Candidate")
    site.expected("410")
    site.expected("404")


async def test_progress_of_a_deleted_session_ends(site: Site) -> None:
    site.gateway.orchestrator.audit.receipts[DELETED] = json.dumps(RECEIPT)
    page = await site.page(DASHBOARD)
    await page.evaluate(f"localStorage.setItem('video_processing_session', '{DELETED}')")
    await page.goto(f"{site.url}/Upload.html")
    await expect(page.get_by_role("alert")).to_contain_text("This session was deleted.")
    assert await page.evaluate("localStorage.getItem('video_processing_session')") is None
    site.expected("410")
    site.expected("404")


@pytest.mark.parametrize(("locale", "words"), [("en-GB", "There is no job"), ("id-ID", "Tidak ada lowongan")])
async def test_a_job_that_is_not_there(site: Site, locale: str, words: str) -> None:
    page = await site.page(f"/job.html?job={UNKNOWN}", locale=locale)
    await expect(page.get_by_role("alert")).to_contain_text(words)
    site.expected("404")
