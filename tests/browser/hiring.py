"""A recruiter's and a candidate's way through the whole system: what both need, and what the candidates do."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.recording import press
from tests.browser.test_dashboard import accessible
from tests.support.playback import SAMPLE
from tests.support.smtp import MailServer
from tests.support.waiting import PAUSE_S, until
from tests.support.whole import Whole

DESKTOP, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
SAID = {
    0.0: "I say no clearly and I give the reason. Then I look for something that I may give instead. If that does "
    "not help, I ask my team lead while the customer is still on the line.",
    9.0: "A customer had waited two weeks for a replacement and shouted at me. I let her finish and said back what "
    "went wrong. Then I called the warehouse, had a new one sent that day, and rang her when it arrived. She wrote to "
    "thank us, and since then we check every open replacement on Mondays.",
    20.0: "In my last shop a man was angry because we had charged him twice. I apologised, showed him both entries "
    "and paid the second one back at once. He stayed our customer. I learnt to tell people what I do while I do it.",
    32.0: "I would say that this is not allowed. I am sorry about that, but rules are rules, and other customers have "
    "to keep to them as well.",
}
"""What is heard in Siti's answers (the first is the longer one), and in Budi's."""


@dataclass
class Hiring(Site):
    """The pages over the whole system."""

    gateway: Whole  # type: ignore[assignment]  # of the scripted one's parts only its port is needed
    post: MailServer = None  # type: ignore[assignment]

    async def signed_in(self, secret: str, path: str, **options: Any) -> Page:
        """The page, for whoever has this key."""
        page = await self.page("/sign-in.html", **options)
        await page.get_by_label("API key").fill(secret)
        async with page.expect_navigation():
            await page.get_by_role("button", name="Sign in").click()
        await page.goto(self.url + path)
        return page

    async def seen(self, page: Page, name: str, *, full: bool = True) -> None:
        """Nothing is in anybody's way, nothing cut off on a telephone or a desktop; pictures where they are wanted."""
        for kind, size in (("phone", PHONE), ("", DESKTOP)):
            await page.set_viewport_size(size)  # type: ignore[arg-type]
            while not await page.evaluate(FITS):  # noqa: ASYNC110 - a chart takes its new size a moment later
                await asyncio.sleep(PAUSE_S)
            if kind:
                await accessible(page)
            if "BROWSER_SCREENSHOTS" in os.environ:
                await self.picture(page, "-".join(filter(None, ("walk", name, kind))), full)

    def link(self, email: str) -> str:
        """The path of the link in a candidate's first mail."""
        mail = next(mail for mail in self.post.mails if mail["To"] == email)
        found = re.search(r"https?://\S+(/candidate\.html#\S+)", mail.get_content())
        assert found
        return found[1]


async def recorded_on_a_phone(site: Hiring) -> Page:
    """Siti records both answers; in the middle of the first the network is gone for a while."""
    phone = await site.page(site.link("siti@example.org"), width=PHONE["width"], is_mobile=True, has_touch=True)
    await site.seen(phone, "consent")
    await agreed(phone)
    await expect(phone.get_by_text("not answered")).to_have_count(2)
    await press(phone, "Record my answers")
    await expect(phone.get_by_text("You can be heard.")).to_be_visible()
    await site.seen(phone, "check")
    await press(phone, "Start with the questions")
    await press(phone, "Start recording")
    await until(lambda: site.gateway.files("/parts/"))
    await phone.context.set_offline(True)
    await expect(phone.get_by_text("No network. Keep going")).to_be_visible()
    await site.seen(phone, "no-network", full=False)
    await phone.context.set_offline(False)
    await expect(phone.get_by_text("No network. Keep going")).to_be_hidden()
    await expect(phone.locator(".clock")).to_have_text(re.compile("left: (2:[01]|1)"))
    for last in (False, True):
        await press(phone, "I have finished")
        await press(phone, "Keep and continue")
        if not last:
            await press(phone, "Start recording")
            await expect(phone.locator(".clock")).to_have_text(re.compile("left: 1:5[0-5]"))
    await site.seen(phone, "answered")
    await press(phone, "Submit my answers")
    await expect(phone.get_by_text("Thank you: your answers have arrived.")).to_be_visible()
    site.expected("ERR_INTERNET_DISCONNECTED")
    return phone


async def agreed(page: Page) -> None:
    """To what is measured, and that the answers are one's own."""
    await expect(page.get_by_role("checkbox")).to_have_count(2)
    for box in await page.get_by_role("checkbox").all():
        await box.check()
    await press(page, "Agree and continue")


async def uploaded(site: Hiring) -> None:
    """Budi has recorded elsewhere."""
    page = await site.page(site.link("budi@example.org"))
    await agreed(page)
    await press(page, "Choose files instead")
    for label, name in (("Tell us about a customer", "answer_en.mp4"), ("A customer asks", "answer_id.webm")):
        await page.get_by_label(label).set_input_files(SAMPLE / name)
    await site.seen(page, "files")
    await press(page, "Send my answers")
    await expect(page.get_by_text("Thank you: your answers have arrived.")).to_be_visible()


async def objected(site: Hiring, phone: Page) -> None:
    """Siti reads her letter under her link, and objects."""
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Your letter")).to_be_visible()
    await site.seen(phone, "feedback")
    await phone.get_by_label("What do you object to?").fill("I said that I ask my team lead.")
    await press(phone, "Send the objection")
    await expect(phone.get_by_text("Your objection has arrived.")).to_be_visible()
    await site.seen(phone, "objection")
    indonesian = await site.page(site.link("siti@example.org"), locale="id-ID")
    await expect(indonesian.get_by_text("Keberatan Anda sudah kami terima.")).to_be_visible()
