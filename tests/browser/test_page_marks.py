"""What candidates' pages noted, on the session's page; and where recruiters switch it on."""

from __future__ import annotations

import copy

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Site
from tests.browser.test_dashboard import DASHBOARD, accessible
from tests.browser.test_links import filled
from tests.support.page_marks import FINDINGS
from tests.support.recorded import RESULT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("width", [1200, 360])
async def test_pauses_and_signals_stand_among_the_findings(site: Site, width: int) -> None:
    result = copy.deepcopy(RESULT)
    evidence = result["content"][0]["result"]["evidence"]
    evidence["findings"] = FINDINGS
    evidence["signals"] = {"measured": ["page_left"], "not_measured": ["second_screen", "paste"]}
    await site.publish(result)
    page = await site.page(DASHBOARD, width=width)
    answer = page.locator("#answer-0")
    await answer.locator("h2").scroll_into_view_if_needed()
    found = answer.locator(".findings")
    await expect(found).to_contain_text("Paused 0:12.0 for information")
    await expect(found).to_contain_text("Paused for 14 s")
    await expect(found).to_contain_text("Another window in front 0:02.0")
    await expect(answer.get_by_text("Not measured in this browser: a second screen and pasting.")).to_be_visible()
    await site.scrolled(page)
    await answer.get_by_role("button", name="Paused, 0:12.0, for information").focus()
    await expect(answer.locator(".detail")).to_contain_text("Paused for 14 s")
    await accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await answer.screenshot(path=site.pictures / f"page-marks-{width}.png")


async def test_a_link_with_pauses_signals_and_sound_alone(site: Site) -> None:
    page = await site.page("/links.html", width=360)
    await filled(page, "Why?")
    await page.get_by_label("Pauses allowed in each recording").fill("11")
    await page.get_by_role("button", name="Create the link").click()
    await expect(page.get_by_role("alert")).to_contain_text("from 0 to 10")
    await page.get_by_label("Pauses allowed in each recording").fill("2")
    await page.get_by_label("Candidates may answer with sound alone").check()
    await page.get_by_label("Something is pasted (not what)").check()
    await accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await site.picture(page, "links-recording")
    await page.get_by_role("button", name="Create the link").click()
    address = await page.get_by_role("textbox", name="Link for Siti Rahma").input_value()
    headers = {"Authorization": f"Bearer {address.partition('#')[2]}"}
    opened = (await site.gateway.client.get("/v1/upload-link", headers=headers)).json()
    assert (opened["audio_only"], opened["signals"], opened["questions"][0]["pauses"]) == (True, ["paste"], 2)
