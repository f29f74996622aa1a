"""The dashboard of a real result."""

from __future__ import annotations

import copy

import pytest
from axe_playwright_python.async_playwright import Axe
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from playwright.async_api import Page, expect

from tests.browser.conftest import Site
from tests.contract.gateway.test_translation import WORDS, standing, translated, untranslated
from tests.support.recorded import ID, RESULT, rated_result

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
DASHBOARD = f"/halaman_dasboard.html?session={ID}"
FINDING = {
    "type": "second_face", "start_s": 5.0, "end_s": 8.0, "strength": 2, "confidence": 0.9, "severity": "serious",
    "explanation": "2 faces are in the picture for 3.0 s.", "innocent_explanation": "A family member passing.",
    "still": "0/stills/4.jpg", "quote": "",
}  # fmt: skip


async def accessible(page: Page) -> None:
    found = await Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in serious]


async def test_everything_of_a_result_is_there(site: Site) -> None:
    await site.publish()
    page = await site.page(DASHBOARD)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sample Candidate")
    await expect(page.get_by_text("Nobody has decided yet.")).to_be_visible()
    await expect(page.get_by_role("heading", name=RESULT["content"][0]["question"])).to_be_visible()
    await expect(page.locator(".radar canvas")).to_be_visible()
    await site.scrolled(page)
    await expect(page.locator("#answer-0 .board svg .head").first).to_be_attached()
    await expect(page.locator("#answer-2 .problem")).to_contain_text("cannot be read as video")
    await accessible(page)
    await site.picture(page, "dashboard")


async def test_a_mark_on_the_timeline_shows_still_and_explanation(site: Site) -> None:
    result = copy.deepcopy(RESULT)
    result["content"][0]["result"]["evidence"]["findings"].append(FINDING)
    await site.publish(result)
    page = await site.page(DASHBOARD)
    answer = page.locator("#answer-0")
    await answer.locator("h2").scroll_into_view_if_needed()
    await answer.locator(".mark.serious").focus()
    detail = answer.locator(".detail")
    await expect(detail).to_contain_text("Another face")
    await expect(detail).to_contain_text("A family member passing.")
    still = detail.locator("img")
    await expect(still).to_be_visible()
    assert await still.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    await detail.get_by_role("button", name="Show in the transcript").click()
    await expect(answer.locator(".word.here").first).to_be_visible()
    await answer.screenshot(path=site.pictures / "answer.png")


async def test_a_quote_leads_to_its_words_and_search_finds_them(site: Site) -> None:
    await site.publish()
    page = await site.page(DASHBOARD)
    answer = page.locator("#answer-0")
    await answer.locator("button.quote").first.click()
    await expect(answer.locator(".word.here").first).to_be_in_viewport()
    await answer.get_by_role("searchbox").fill("payment")
    await expect(answer.locator(".word.hit").first).to_have_text("payment")


async def test_scores_stand_with_their_interval_and_what_carried_them(site: Site) -> None:
    await site.publish(rated_result())
    page = await site.page(DASHBOARD)
    answer = page.locator("#answer-0")
    await expect(answer.locator(".score output")).to_have_text(["96 (88–99)", "90 (80–96)", "91 (79–97)", "92 (81–97)"])
    await expect(answer.get_by_role("img", name="Relevance: 91 of 100, 79 to 97")).to_be_visible()
    await expect(answer.get_by_text("Scores range from 1 to 100.")).to_be_visible()
    await expect(answer.get_by_text("without it: 9 points less")).to_be_visible()
    await expect(answer.get_by_text("How did you notice it?")).to_be_visible()
    await expect(answer.get_by_role("listitem").filter(has_text="what you learned")).to_be_visible()
    await expect(page.locator("section[aria-labelledby=proposal]")).to_contain_text("Total of 100: 92 (81–97)")
    await accessible(page)
    await answer.screenshot(path=site.pictures / "rating.png")


@pytest.mark.parametrize(
    ("locale", "asked"), [("en-GB", "Please rate by hand."), ("id-ID", "Mohon dinilai secara manual.")]
)
async def test_an_answer_without_a_score_asks_for_a_person_and_says_why(site: Site, locale: str, asked: str) -> None:
    result = rated_result()
    await site.publish(result)
    page = await site.page(DASHBOARD, locale=locale, width=360)
    answer = page.locator("#answer-1")
    await expect(answer.get_by_text(f"{asked} The sentences point both ways.")).to_be_visible()
    await expect(answer.locator(".score .bar")).to_have_count(0)
    await answer.locator("button.quote").first.click()
    await expect(answer.locator(".word.here").first).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await accessible(page)
    await answer.screenshot(path=site.pictures / f"by-hand-{locale}.png")


async def test_a_person_looks_decides_and_is_contested(site: Site) -> None:
    await site.publish()
    page = await site.page(DASHBOARD)
    await page.get_by_role("button", name="Record the decision").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter your name")
    await page.get_by_label("Your name").fill("Rina")
    await page.get_by_role("button", name="Look at answer 1").click()
    await expect(page.get_by_role("button", name="Answer 1 looked at")).to_be_visible()
    await page.get_by_role("button", name="Look at answer 2").click()
    await page.get_by_text("Consider", exact=True).click()
    await page.get_by_label("Reason").fill("Concrete, but the second answer is short.")
    await page.locator("section[aria-labelledby=decision]").screenshot(path=site.pictures / "review.png")
    await page.get_by_role("button", name="Record the decision").click()
    await expect(page.get_by_text("The decision is recorded.")).to_be_visible()
    await expect(page.get_by_text("Rina decided: Consider")).to_be_visible()
    assert site.gateway.orchestrator.sessions[ID].review.decision == pb.DECISION_CONSIDER
    assert [e.answer_index for e in site.gateway.orchestrator.entries] == [0, 1]
    await page.get_by_text("Record a candidate's objection").click()
    await page.get_by_label("Who objects").fill("Siti")
    await page.get_by_label("Objection", exact=True).fill("The sound was poor.")
    await page.get_by_role("button", name="Record the objection").click()
    await expect(page.get_by_text("Contested: The sound was poor.")).to_be_visible()


async def test_it_is_in_indonesian_where_the_browser_is_and_can_be_switched(site: Site) -> None:
    await site.publish()
    page = await site.page(DASHBOARD, locale="id-ID")
    await expect(page.get_by_text("Belum ada yang memutuskan.")).to_be_visible()
    assert await page.get_attribute("html", "lang") == "id"
    await site.scrolled(page)
    await site.picture(page, "dashboard-id")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_text("Nobody has decided yet.")).to_be_visible()
    await page.reload()
    assert await page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_fits_a_phone_light_and_dark(site: Site, scheme: str) -> None:
    await site.publish()
    page = await site.page(DASHBOARD, width=360, color_scheme=scheme)
    await page.locator("#answer-0 h3").first.scroll_into_view_if_needed()
    await expect(page.locator("#answer-0 .board svg")).to_be_attached()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await accessible(page)
    await site.picture(page, f"phone-{scheme}")


async def test_an_address_without_a_session_says_so(site: Site) -> None:
    for session in ("", "f" * 32):
        page = await site.page(f"/halaman_dasboard.html?session={session}")
        await expect(page.get_by_role("heading", level=1)).to_have_text("No such session")
        await expect(page.get_by_text("Check that the address is complete.")).to_be_visible()
        site.expected("404")


async def test_a_translation_appears_when_it_comes_and_can_be_asked_for(site: Site) -> None:
    orchestrator = site.gateway.orchestrator
    await site.publish(untranslated("on_demand"))
    orchestrator.put(standing(orchestrator.sessions[ID], pb.STAGE_STATE_SKIPPED))
    page = await site.page(DASHBOARD, locale="id-ID")
    answer = page.locator("#answer-0")
    await answer.get_by_role("button", name="Terjemahkan").click()
    await expect(answer.get_by_text("Terjemahan sedang dibuat")).to_be_visible()
    await accessible(page)
    await translated(site.gateway)
    await expect(answer.get_by_text(WORDS[:40])).to_be_visible()
    await expect(answer.get_by_text("Terjemahan sedang dibuat")).to_have_count(0)
    assert orchestrator.translations == [0]


async def test_an_answer_of_which_something_failed_is_run_again(site: Site) -> None:
    session = await site.publish()
    session.answers[0].retryable = True
    page = await site.page(DASHBOARD)
    await expect(page.get_by_role("button", name="Run it again")).to_have_count(1)
    await page.locator("#answer-0").get_by_role("button", name="Run it again").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Assessment in progress")
    assert site.gateway.orchestrator.sessions[ID].state == pb.SESSION_STATE_PENDING
    assert not site.gateway.orchestrator.sessions[ID].answers[0].retryable


async def test_a_session_that_failed_is_run_again(site: Site) -> None:
    session = await site.publish()
    session.state, session.message = pb.SESSION_STATE_FAILED, "Internal error."
    session.ClearField("result")
    session.answers[1].retryable = True
    page = await site.page(DASHBOARD, locale="id-ID")
    await page.get_by_role("button", name="Jalankan lagi").click()
    await expect(page.get_by_role("button", name="Jalankan lagi")).to_have_count(0)
    assert site.gateway.orchestrator.sessions[ID].state == pb.SESSION_STATE_PENDING
    site.expected("404")  # it has no result
