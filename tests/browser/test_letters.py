"""The letter's panel on a phone; webhooks are looked at. `test_hiring` writes, sends and objects to a letter."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from orchestrator.api import Orchestrator
from orchestrator.events.tables import DeliveryRow
from orchestrator.migrate import migrate
from orchestrator.settings import DatabaseSettings
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.browser.conftest import Site
from tests.browser.test_dashboard import accessible
from tests.support.candidates import START, Made, seed
from tests.support.hiring import JOB
from tests.support.recorded import rated_result
from tests.support.recruiting import Recruiting, orchestrator_over, recruiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
ANI = f"{1:032x}"


@dataclasses.dataclass(kw_only=True)
class LetterSite(Site):
    """The pages over the real orchestrator, with a candidate of a job whose answers are assessed and decided."""

    gateway: Recruiting  # type: ignore[assignment]  # of the scripted one's parts only its client is needed
    orchestrator: Orchestrator
    job_id: str


@pytest_asyncio.fixture(loop_scope="module")
async def site(
    browser: Browser, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LetterSite]:
    url, objects = f"sqlite+aiosqlite:///{tmp_path / 'letters.db'}", tmp_path / "objects"
    await asyncio.to_thread(migrate, url)
    orchestrator = orchestrator_over(DatabaseSettings(INTERVIEW_DATABASE_URL=url), objects, monkeypatch)
    async with recruiting(orchestrator, objects) as running:
        job_id = await assessed(running, orchestrator, objects)
        found = LetterSite(
            gateway=running, browser=browser, pictures=pictures, orchestrator=orchestrator, job_id=job_id
        )
        yield found
        for context in found.contexts:
            await context.close()
        assert found.complaints == []
    await orchestrator.close()


async def assessed(running: Recruiting, orchestrator: Orchestrator, objects: Path) -> str:
    """A candidate of a job whose answers are assessed and decided; returns the job."""
    job_id = str((await running.client.post("/v1/jobs", json=JOB)).json()["job_id"])
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(objects)))
    written = await media.write(f"results/{ANI}.json", json.dumps(rated_result()).encode())
    await seed(orchestrator, job_id, (Made("Ani", "pass", 92.0, decision="pass"),), result=dataclasses.asdict(written))
    return job_id


async def test_the_panel_on_a_phone_in_indonesian(site: LetterSite) -> None:
    page = await site.page(f"/halaman_dasboard.html?session={ANI}", locale="id-ID", width=390)
    panel = page.locator("details", has=page.get_by_role("heading", name="Surat untuk kandidat"))
    await panel.locator("summary").first.click()
    await panel.get_by_role("button", name="Susun draf surat").click()
    await panel.get_by_label("Nama Anda").fill("Rina Wulandari")
    await panel.get_by_label("Bahasa surat").select_option("id")
    await panel.get_by_role("button", name="Susun draf surat").click()
    await expect(panel.locator("textarea")).to_have_value(re.compile("Halo Ani,"))
    await panel.screenshot(path=site.pictures / "letter-phone-id.png")
    await panel.get_by_role("button", name="Saya sampaikan sendiri").click()
    await expect(panel.get_by_role("alert")).to_contain_text("not finished")
    site.expected("400")
    site.expected("404")


async def test_deliveries_are_looked_at_and_sent_again(site: LetterSite) -> None:
    def delivery(number: int, event: str, state: str, **values: Any) -> DeliveryRow:
        row = {"id": f"{number:032x}", "session_id": ANI, "job_id": site.job_id, "owner": "", "body": "{}"}
        where = {"url": "https://hr.example.org/events", "created_at": START, "since_at": START, "tried_at": START}
        return DeliveryRow(**row, **where, event=event, state=state, **values)

    async with site.orchestrator._store.transaction() as db:
        db.add(delivery(1, "session.invited", "DELIVERED", attempts=1, last_code=204))
        db.add(delivery(2, "session.completed", "FAILED", attempts=9, last_reason="UPSTREAM_DOWN"))
        refused = {"last_reason": "WEBHOOK_REFUSED", "last_code": 410}
        db.add(delivery(3, "session.decided", "FAILED", attempts=1, **refused))
    page = await site.page(f"/job.html?job={site.job_id}")
    await page.get_by_role("link", name="Webhooks").click()
    table = page.get_by_role("region", name="Webhooks").get_by_role("table")
    await expect(table.get_by_role("row")).to_have_count(4)
    await expect(table.get_by_role("row").filter(has_text="Decided")).to_contain_text("410")
    await accessible(page)
    await site.picture(page, "deliveries")
    await table.get_by_role("button", name="Send session.decided").click()
    await expect(table.get_by_role("row").filter(has_text="Decided")).to_contain_text("to be sent")
    await page.get_by_label("State").select_option("failed")
    await expect(table.get_by_role("row")).to_have_count(2)
    phone = await site.page(f"/deliveries.html?job={site.job_id}", locale="id-ID", width=390)
    await expect(phone.get_by_role("heading", name="Webhook")).to_be_visible()
    await expect(phone.get_by_role("table").get_by_role("row")).to_have_count(4)
    await site.picture(phone, "deliveries-phone")
