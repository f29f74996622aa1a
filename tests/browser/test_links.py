"""Recruiters make links for candidates."""

from __future__ import annotations

from pathlib import Path

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_dashboard import accessible
from tests.support.gateway import running_gateway

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def filled(page: Page, *questions: str) -> None:
    """A form that lacks nothing."""
    await page.get_by_label("Candidate's name").fill("Siti Rahma")
    for number, question in enumerate(questions, 1):
        if number > 1:
            await page.get_by_role("button", name="Add a question").click()
        await page.get_by_label(f"Question {number}", exact=True).fill(question)
    await page.get_by_label("Reference to the candidate's consent").fill("form 7")


async def test_a_link_is_made_copied_and_opened(site: Site) -> None:
    page = await site.page("/links.html", permissions=["clipboard-read", "clipboard-write"])
    await filled(page, "Tell me about a bug.", "Unwanted", "Why this role?")
    await page.get_by_role("button", name="Remove question 2").click()
    await page.get_by_label("Valid for").select_option("7 days")
    await accessible(page)
    await site.picture(page, "links-form")
    await page.get_by_role("button", name="Create the link").click()
    address = page.get_by_role("textbox", name="Link for Siti Rahma")
    await expect(address).to_be_focused()
    await page.get_by_role("button", name="Copy the link for Siti Rahma").click()
    await expect(page.get_by_text("Copied.")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == await address.input_value()
    await accessible(page)
    await site.picture(page, "links")
    headers = {"Authorization": f"Bearer {copied.partition('#')[2]}"}
    opened = (await site.gateway.client.get("/v1/upload-link", headers=headers)).json()
    assert (opened["candidate_name"], opened["language"]) == ("Siti Rahma", "en")
    assert [question["text"] for question in opened["questions"]] == ["Tell me about a bug.", "Why this role?"]
    candidate = await site.page(copied.removeprefix(site.url))
    await expect(candidate.get_by_text("Hello Siti Rahma. You are invited to answer 2 questions")).to_be_visible()


async def test_links_are_listed_and_withdrawn(site: Site) -> None:
    page = await site.page("/links.html")
    await filled(page, "Why?")
    await page.get_by_role("button", name="Create the link").click()
    given = page.get_by_role("region", name="Existing links")
    await expect(given).to_contain_text("Siti Rahma can be used")
    await accessible(page)
    await given.get_by_role("button", name="Withdraw the link for Siti Rahma").click()
    await expect(given.get_by_role("listitem")).to_contain_text("withdrawn")
    await expect(given.get_by_role("button", name="Withdraw")).to_have_count(0)
    await expect(given.get_by_role("status")).to_contain_text("will stop working within half a minute")
    again = await site.page("/links.html")  # where nobody knows whose it was
    [link] = site.gateway.orchestrator.links.values()
    await expect(again.get_by_role("region", name="Existing links")).to_contain_text(f"{link.link_id} withdrawn")


async def test_without_a_clipboard_the_address_is_marked_to_be_copied_by_hand(site: Site) -> None:
    page = await site.page("/links.html")
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")  # as on plain http
    await filled(page, "Why?")
    await page.get_by_role("button", name="Create the link").click()
    await page.get_by_role("button", name="Copy the link for Siti Rahma").click()
    await expect(page.get_by_text("Press Ctrl+C to copy.")).to_be_visible()
    address = page.get_by_role("textbox", name="Link for Siti Rahma")
    assert await page.evaluate("getSelection().toString()") == await address.input_value()


async def test_what_is_missing_is_said_and_questions_stay_for_the_next(site: Site) -> None:
    page = await site.page("/links.html")
    alert, make = page.get_by_role("alert"), page.get_by_role("button", name="Create the link")
    await make.click()
    await expect(alert).to_contain_text("Enter the candidate's name.")
    await page.get_by_label("Candidate's name").fill("Siti Rahma")
    await make.click()
    await expect(alert).to_contain_text("Enter question 1")
    await expect(page.get_by_label("Question 1")).to_be_focused()
    await page.get_by_label("Question 1").fill("Why?")
    await make.click()
    await expect(alert).to_contain_text("consent")
    await page.get_by_label("Reference to the candidate's consent").fill("form 7")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Link for Siti Rahma")).to_be_visible()
    await expect(alert).to_be_empty()
    await expect(page.get_by_label("Question 1")).to_have_value("Why?")
    await page.get_by_label("Candidate's name").fill("Budi")
    await make.click()
    await expect(alert).to_contain_text("consent")  # it was another candidate's
    await page.get_by_label("Reference to the candidate's consent").fill("form 8")
    await make.click()
    await expect(page.locator("#links h2 ~ ol > li")).to_have_count(2)
    await expect(page.locator("#links h2 ~ ol > li").first).to_contain_text("Budi")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_telephone_nothing_is_cut_off(site: Site, scheme: str) -> None:
    page = await site.page("/links.html", width=360, color_scheme=scheme, locale="id-ID")
    await page.get_by_label("Nama kandidat").fill("Siti Rahma")
    await page.get_by_role("textbox", name="Pertanyaan 1").fill("Mengapa Anda melamar?")
    await page.get_by_role("button", name="Tambah pertanyaan").click()
    await page.get_by_role("textbox", name="Pertanyaan 2").fill("Apa yang paling sulit?")
    await page.locator("input[name=consent]").fill("formulir 7")
    await page.get_by_role("button", name="Buat tautan").click()
    await expect(page.get_by_role("textbox", name="Tautan untuk Siti Rahma")).to_be_visible()
    await accessible(page)
    await site.picture(page, f"links-phone-{scheme}")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_where_links_may_not_be_made_nothing_offers_it(browser: Browser, tmp_path: Path, pictures: Path) -> None:
    async with running_gateway(tmp_path / "signed", sign_in=True) as gateway:
        site = Site(gateway, browser, pictures)
        for number, scope in enumerate(("read", "submit")):
            gateway.orchestrator.keys[f"ias_{scope}"] = pb.ApiKey(key_id=f"{number:016x}", name=scope, scopes=[scope])
        for scope, may in (("read", False), ("submit", True)):
            page = await site.page("/sign-in.html?next=%2Flinks.html")
            await page.get_by_label("API key").fill(f"ias_{scope}")
            await page.get_by_role("button", name="Sign in").click()
            await page.wait_for_url("**/links.html")
            await expect(page.get_by_role("button", name="Create the link")).to_have_count(int(may))
            await expect(page.get_by_text("this needs the scope submit")).to_have_count(int(not may))
            await expect(page.get_by_role("navigation").get_by_role("link", name="Candidates' links")).to_be_visible(
                visible=may
            )
            await page.context.close()
