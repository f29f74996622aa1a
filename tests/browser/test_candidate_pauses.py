"""A candidate pauses, is told of signals and noted by them, and sends over a slow line that is cut."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from playwright.async_api import Browser, Page, expect

from bench.workspace.arriving import COUNTED, held
from bench.workspace.slow_line import SlowLine
from servicekit.wire import seconds
from tests.browser.conftest import Site
from tests.browser.recording import arrived, begun, handed_in, invited, press, recording_browser, recordings
from tests.browser.test_dashboard import accessible
from tests.support.waiting import PAUSE_S

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SIGNALS = ["page_left", "second_screen", "paste", "device_change"]
AWAY = """(away) => {
  document.hasFocus = () => !away;
  dispatchEvent(new Event(away ? "blur" : "focus"));
}"""
NO_SCREENS = "Object.defineProperty(Screen.prototype, 'isExtended', { get: () => undefined });"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with recording_browser(tmp_path_factory.mktemp("devices")) as opened:
        yield opened


async def clock(page: Page) -> str:
    return await page.locator(".clock").inner_text()


async def kept(page: Page) -> None:
    """From the end of the recording to the hand-in."""
    await press(page, "Keep and continue")
    await press(page, "Submit my answers")
    await expect(page.get_by_text("Thank you")).to_be_visible()


async def noted(site: Site, count: int) -> list[dict[str, Any]]:
    """Until the server has been told so many marks of the only recording."""
    while True:
        for name in site.gateway.files():
            if name.startswith("uploads/") and name.endswith("upload.json"):
                page = json.loads((site.gateway.store_dir / name).read_text()).get("page") or {}
                if len(page.get("marks", [])) >= count:
                    return list(page["marks"])
        await asyncio.sleep(PAUSE_S)


def page_of(site: Site) -> pb.PageNotes:
    [created] = site.gateway.orchestrator.created
    return created.answers[0].page


async def test_a_pause_stops_recording_and_clock_and_is_told(site: Site) -> None:
    page = await site.page(await invited(site, pauses=2), width=360)
    await press(page, "Record my answers")
    await press(page, "Start with the questions")
    await expect(page.get_by_role("status")).to_contain_text("Pauses allowed: 2.")
    await press(page, "Start recording")
    await expect(page.locator(".clock")).to_have_text(re.compile("left: 4:5[0-8]"))
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Pause (2 left)")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Paused: nothing is recorded")).to_be_visible()
    await expect(page.get_by_role("button", name="Continue recording")).to_be_focused()
    stands = await clock(page)
    [mark] = await noted(site, 1)
    assert (mark["kind"], mark["end_s"], mark["duration_s"]) == ("pause", None, None)
    await accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await site.picture(page, "candidate-paused")
    await page.wait_for_timeout(3000)
    assert await clock(page) == stands
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Pause (1 left)")).to_be_visible()
    await expect(page.locator(".clock")).not_to_have_text(stands)
    left_s = int((await clock(page)).rpartition(":")[2])
    await press(page, "I have finished")
    await kept(page)
    [told] = page_of(site).marks
    assert seconds(told.duration) >= 3.0
    assert told.start_offset == told.end_offset
    [found] = handed_in(site)  # one file, without the pause
    assert abs(found.duration_s - (60 - left_s)) < 2.5  # of five minutes less than one is gone


async def test_a_page_that_is_killed_while_paused_keeps_all_of_it(site: Site) -> None:
    address = await invited(site, pauses=1)
    page = await site.page(address)
    await begun(page)
    await arrived(site, 1)
    await press(page, "Pause (1 left)")
    await expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    [mark] = await noted(site, 1)
    await page.close()
    again = await site.page(address)
    await press(again, "Keep the part of answer 1 that arrived")
    await press(again, "Submit my answers")
    await expect(again.get_by_text("Thank you")).to_be_visible()
    [told] = page_of(site).marks
    assert (told.kind, told.HasField("duration"), seconds(told.start_offset)) == ("pause", False, mark["start_s"])


async def test_signals_are_told_before_and_noted_with_their_times(site: Site) -> None:
    address = await invited(site, agreed=False, signals=SIGNALS, pauses=1)
    page = await site.page("/links.html", locale="id-ID", width=360)
    await page.add_init_script(NO_SCREENS)
    await page.goto(site.url + address)
    await expect(page.get_by_text("bahwa tab atau jendela lain berada di depannya")).to_be_visible()
    await site.picture(page, "candidate-consent-signals")
    for box in await page.get_by_role("checkbox").all():
        await box.check()
    await press(page, "Setuju dan lanjutkan")
    await press(page, "Rekam jawaban saya")
    await press(page, "Mulai dengan pertanyaan")
    await page.evaluate(AWAY, True)  # before the recording: nobody asks
    await page.evaluate(AWAY, False)
    await press(page, "Mulai merekam")
    await expect(page.get_by_text("halaman ini mencatat: tab atau jendela lain di depan")).to_be_visible()
    await page.keyboard.press("Control+V")
    await page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    await page.evaluate(AWAY, True)
    await page.wait_for_timeout(1500)
    await page.evaluate(AWAY, False)
    marks = await noted(site, 3)
    assert [mark["kind"] for mark in marks] == ["paste", "device_change", "page_left"]
    await accessible(page)
    await site.picture(page, "candidate-signals")
    await press(page, "Saya selesai")
    await press(page, "Pakai dan lanjutkan")
    await press(page, "Serahkan jawaban saya")
    await expect(page.get_by_text("Terima kasih")).to_be_visible()
    told = page_of(site)
    assert (list(told.measured), list(told.not_measured)) == (
        ["page_left", "paste", "device_change"],
        ["second_screen"],
    )
    [left] = [mark for mark in told.marks if mark.kind == "page_left"]
    assert seconds(left.duration) >= 1.5
    assert abs(seconds(left.end_offset) - seconds(left.start_offset) - seconds(left.duration)) < 0.1


async def test_nothing_is_noted_where_nobody_wants_it(site: Site) -> None:
    page = await site.page(await invited(site))
    await begun(page)
    await page.keyboard.press("Control+V")
    await page.evaluate(AWAY, True)
    await arrived(site, 1)
    await expect(page.get_by_role("button", name=re.compile("Pause"))).to_have_count(0)
    await press(page, "I have finished")
    await kept(page)
    [created] = site.gateway.orchestrator.created
    assert not created.answers[0].HasField("page")


async def test_a_slow_line_that_is_cut_loses_nothing(site: Site) -> None:
    address = await invited(site)
    page = await site.page("/links.html")
    await page.add_init_script(COUNTED)
    line = await SlowLine.of(page, 300)
    await page.goto(site.url + address)
    await begun(page)
    for _ in range(2):
        await page.wait_for_timeout(3000)
        await line.cut()
        await page.wait_for_timeout(3000)
        await line.mend()
    await page.wait_for_timeout(3000)
    await press(page, "I have finished")
    await kept(page)
    [path] = recordings(site)
    counted = await page.evaluate("window.counted")
    found = held(path)
    assert found.size_bytes == counted[-1][1]
    assert found.size_bytes * 8 / found.sound_s < 300_000
    site.expected("ERR_INTERNET_DISCONNECTED")
