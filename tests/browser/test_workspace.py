"""Recruiters look through a job's candidates and compare some of them."""

from __future__ import annotations

import asyncio
import copy
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from orchestrator.api import Orchestrator
from orchestrator.migrate import migrate
from orchestrator.sessions.states import SessionState
from orchestrator.settings import DatabaseSettings
from orchestrator.similarity.comparison import Comparison
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.browser.conftest import Site
from tests.browser.test_dashboard import FINDING, accessible
from tests.support.candidates import Made, seed
from tests.support.copies import LEARNT, LEARNT_TOO, say
from tests.support.recorded import rated_result
from tests.support.recruiting import Recruiting, orchestrator_over, recruiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
PEOPLE = (
    Made("Ani Wijaya", "pass", 84.0),
    Made("Budi Santoso", "consider", 63.5, (0, 2, 0)),
    Made("Citra Lestari", "fail", 41.0, (3, 0, 1), decision="fail"),
    Made("Dewi Anggraini", "insufficient"),
    Made("Eka Putra"),
    Made("Fajar Nugroho", "pass", 91.0, (1, 0, 0), decision="pass"),
    Made("Gita Permata", "consider", 68.0, decision="consider", contested=True),
)
JOB = {"title": "Customer service", "language": "en", "questions": [{"text": "Why?"}]}


@dataclass
class Workspace(Site):
    """The pages over the real orchestrator, with a job whose candidates have handed in."""

    gateway: Recruiting  # type: ignore[assignment]  # of the scripted one's parts only its client is needed
    orchestrator: Orchestrator = field(kw_only=True)
    job_id: str = ""

    async def candidates(self) -> dict[str, str]:
        """A job with candidates; returns the ids of their sessions by name."""
        made = await self.gateway.client.post("/v1/jobs", json=JOB)
        self.job_id = made.json()["job_id"]
        return await seed(self.orchestrator, self.job_id, PEOPLE)

    async def published(self, session_id: str, result: dict[str, Any], objects: MediaStore) -> None:
        written = await objects.write(f"results/{session_id}.json", json.dumps(result).encode())
        shown = {"outcome": result["decision_proposal"]["outcome"]}
        await self.orchestrator._store.publish(
            session_id, SessionState.COMPLETED, "Completed.", written, timedelta(days=9), shown
        )

    async def job_page(self, **options: Any) -> Page:
        page = await self.page(f"/job.html?job={self.job_id}", **options)
        await expect(rows(page)).to_have_count(len(PEOPLE))
        return page


@pytest_asyncio.fixture(loop_scope="module")
async def site(
    browser: Browser, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Workspace]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}"
    await asyncio.to_thread(migrate, url)
    orchestrator = orchestrator_over(DatabaseSettings(INTERVIEW_DATABASE_URL=url), tmp_path / "objects", monkeypatch)
    async with recruiting(orchestrator, tmp_path / "objects") as running:
        found = Workspace(running, browser, pictures, orchestrator=orchestrator)
        yield found
        for context in found.contexts:
            await context.close()
        assert found.complaints == []
    await orchestrator.close()


def rows(page: Page) -> Any:
    return page.locator("#candidates tbody tr")


async def names(page: Page) -> list[str]:
    return [await name.inner_text() for name in await rows(page).get_by_role("rowheader").all()]


async def test_the_table_is_sorted_and_narrowed_and_keeps_its_order_on_the_way_back(site: Workspace) -> None:
    await site.candidates()
    page = await site.job_page()
    region = page.get_by_role("region", name="Candidates", exact=True)
    await expect(region.get_by_role("img", name="Total of 100: 40 to 50: 1; 60 to 70: 2; 80 to 90: 1; 90 to 100: 1")
                 ).to_be_visible()  # fmt: skip
    await expect(region.get_by_text("Without a total: 2")).to_be_visible()
    await page.get_by_role("button", name="Total of 100").click()
    await expect(rows(page).first).to_contain_text("91 (83–97)")
    assert (await names(page))[:3] == ["Fajar Nugroho", "Ani Wijaya", "Gita Permata"]
    await page.keyboard.press("Enter")  # the column's name still has the focus
    await expect(rows(page).first).to_contain_text("Citra Lestari")
    await expect(page.get_by_role("columnheader", name="Total of 100")).to_have_attribute("aria-sort", "ascending")
    await expect(rows(page).first).to_contain_text("1 serious · 3 for information")
    await accessible(page)
    await site.picture(page, "candidates")
    await page.get_by_text("Search and filter").click()
    await page.get_by_label("Decision").select_option("open")
    await expect(page.get_by_text("Candidates: 4")).to_be_visible()
    await page.get_by_label("Total, at least").fill("80")
    await expect(page.get_by_text("Candidates: 1")).to_be_visible()
    assert await names(page) == ["Ani Wijaya"]
    await rows(page).get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("No assessment")  # of which nothing is kept here
    site.expected("404")
    await page.go_back()
    await expect(page.get_by_text("Candidates: 1")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("zzz")
    await expect(page.get_by_text("No candidate fits.")).to_be_visible()
    assert "zzz" not in page.url


async def test_two_to_four_are_chosen_and_stand_side_by_side(site: Workspace, tmp_path: Path) -> None:
    ids = await site.candidates()
    objects = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    first, second = rated_result(), copy.deepcopy(rated_result())
    first["name"], second["name"] = "Ani Wijaya", "Budi Santoso"
    away = FINDING | {"type": "looking_away", "severity": "review", "still": ""}
    second["content"][0]["result"]["evidence"]["findings"] += [FINDING | {"still": ""}, away]
    second["content"][1]["question"] = "What would you do differently?"
    await site.published(ids["Ani Wijaya"], first, objects)
    await site.published(ids["Budi Santoso"], second, objects)
    page = await site.job_page()
    compare = page.get_by_role("link", name="Compare")
    for name in ("Ani Wijaya", "Budi Santoso"):
        await expect(compare).to_have_count(0)
        await page.get_by_label(f"Choose {name} to compare").check()
    for name in ("Citra Lestari", "Fajar Nugroho", "Gita Permata"):
        await page.get_by_label(f"Choose {name} to compare").click()
    await expect(page.get_by_text("At most 4 candidates can be compared at once.")).to_be_visible()
    for name in ("Citra Lestari", "Fajar Nugroho"):
        await page.get_by_label(f"Choose {name} to compare").uncheck()
    await compare.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Candidates side by side")
    overall = page.get_by_role("region", name="Overall")
    await expect(overall.get_by_role("row").nth(2)).to_contain_text("1 serious")
    question = page.get_by_role("region", name=first["content"][0]["question"])
    await expect(question.get_by_role("img", name="Relevance: 91 of 100, 79 to 97")).to_have_count(2)
    await expect(question.get_by_text("Findings in gaze alone never count.").last).to_be_visible()
    await expect(question.locator("blockquote").first).to_be_visible()
    await question.get_by_text("What was said").first.click()
    await expect(question.locator(".spoken").first).to_be_visible()
    other = page.get_by_role("region", name="What would you do differently?")
    await expect(other.get_by_text("Was not asked this.")).to_have_count(1)
    await accessible(page)
    await site.picture(page, "compare")
    await page.get_by_role("link", name="Back to the job").click()
    await expect(page.get_by_role("heading", name="Customer service")).to_be_visible()
    await page.get_by_role("link", name="Ani Wijaya").click()
    await page.get_by_role("link", name="Back to the job").click()
    await expect(rows(page)).to_have_count(len(PEOPLE))


async def test_nearly_the_same_answer_stands_beside_the_other_one(site: Workspace, tmp_path: Path) -> None:
    ids = await site.candidates()
    ani, budi = ids["Ani Wijaya"], ids["Budi Santoso"]
    objects = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    for name, text in (("Ani Wijaya", LEARNT), ("Budi Santoso", LEARNT_TOO)):
        await site.published(ids[name], rated_result() | {"name": name}, objects)
        await say(objects, ids[name], text)
        await Comparison(site.orchestrator._store, objects).compare(ids[name])
    page = await site.job_page()
    await page.get_by_role("link", name="Ani Wijaya").click()
    card = page.get_by_role("region", name="Nearly the same answer as another candidate")
    await expect(card.get_by_text("it counts in no score, verdict or proposal")).to_be_visible()
    await expect(card.locator("blockquote")).to_have_count(2)
    await expect(card.get_by_role("link", name="Budi Santoso")).to_have_attribute(
        "href", re.compile(rf"{budi}.*#answer-0$")
    )
    await accessible(page)
    await card.screenshot(path=site.pictures / "similar.png")
    await page.goto(f"{site.url}/compare.html?sessions={ani},{budi}")
    beside = page.get_by_text("Nearly the same answer as another candidate")
    await expect(beside).to_have_count(2)
    await beside.first.click()
    await expect(page.get_by_role("link", name="Budi Santoso").last).to_be_visible()
    await accessible(page)
    site.expected("404")  # the result's timelines were not put there


async def test_somebody_is_shortlisted_and_commented_on(site: Workspace, tmp_path: Path) -> None:
    ids = await site.candidates()
    objects = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    await site.published(ids["Ani Wijaya"], rated_result(), objects)
    page = await site.job_page()
    star = page.get_by_role("button", name="Shortlist Ani Wijaya")
    await star.click()
    await expect(page.get_by_text("Enter your name: who notes something is recorded.")).to_be_visible()
    await page.get_by_label("Noted by").fill("Rina")
    await star.click()
    await expect(page.get_by_text("Ani Wijaya is on the shortlist. That decides nothing.")).to_be_visible()
    await expect(star).to_have_attribute("aria-pressed", "true")
    await page.get_by_text("Search and filter").click()
    await page.get_by_label("Only the shortlist").check()
    await expect(page.get_by_text("Candidates: 1")).to_be_visible()
    await page.get_by_role("link", name="Ani Wijaya").click()
    notes = page.get_by_role("region", name="Notes")
    await notes.get_by_label("Comment").fill("Good examples; ask about the second answer.")
    await notes.get_by_role("button", name="Add the comment").click()
    await expect(notes.get_by_text("The comment is added.")).to_be_visible()
    await expect(notes.get_by_role("listitem")).to_contain_text("Rina")
    await expect(notes.get_by_role("button", name="Shortlist")).to_have_attribute("aria-pressed", "true")
    await accessible(page)
    await notes.screenshot(path=site.pictures / "notes.png")
    await page.get_by_role("link", name="Back to the job").click()
    await expect(page.get_by_text("Candidates: 1")).to_be_visible()  # still only the shortlist
    await expect(rows(page).get_by_text("Comments: 1")).to_be_visible()
    await page.go_back()
    await notes.get_by_role("button", name="Delete the comment of Rina").click()
    await expect(notes.get_by_role("listitem")).to_have_count(0)
    site.expected("404")  # the result's timelines were not put there


@pytest.mark.parametrize("wanted", ["", f"{'1' * 32}", ",".join(str(n) * 32 for n in range(5))])
async def test_what_cannot_be_compared_says_so(site: Workspace, wanted: str) -> None:
    page = await site.page(f"/compare.html?sessions={wanted}")
    await expect(page.get_by_role("alert")).to_have_text("Choose two to four candidates on the job's page.")
    await expect(page.get_by_role("link", name="All sessions")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_telephone_nothing_is_cut_off(site: Workspace, tmp_path: Path, scheme: Any) -> None:
    ids = await site.candidates()
    page = await site.job_page(width=360, color_scheme=scheme, locale="id-ID")
    await page.get_by_text("Cari dan saring").click()
    await accessible(page)
    await site.picture(page, f"candidates-phone-{scheme}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    objects = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    chosen = [ids[made.name] for made in PEOPLE[:3]]
    for session_id in chosen[:2]:
        await site.published(session_id, rated_result(), objects)
    page = await site.page(f"/compare.html?sessions={','.join(chosen)}", width=360, color_scheme=scheme, locale="id-ID")
    await expect(page.get_by_role("alert")).to_contain_text("penilaian ini belum selesai")
    site.expected("404")
    await accessible(page)
    await site.picture(page, f"compare-phone-{scheme}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
