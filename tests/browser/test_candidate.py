"""A candidate records in the browser, with a camera and a microphone that are fed from files."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from servicekit.decoding import SAMPLE_RATE_HZ
from tests.browser.conftest import Site
from tests.browser.recording import arrived, begun, handed_in, heard, invited, press, recording_browser
from tests.browser.test_dashboard import accessible

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
AS_A_JOB_ASKS = [
    {"text": "Tell me about a bug you found.", "thinking_s": 1, "limit_s": 3, "retakes": 1},
    {"text": "Why this role?", "thinking_s": 20, "limit_s": 90, "retakes": 0},
]
MP4_ONLY = """
const known = MediaRecorder.isTypeSupported.bind(MediaRecorder);
MediaRecorder.isTypeSupported = (type) => type.includes("mp4") && known(type);
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with recording_browser(tmp_path_factory.mktemp("devices")) as opened:
        yield opened


async def as_of_a_job(route: Route) -> None:
    """A link's public JSON as a job's link has it."""
    answer = await route.fetch()
    found: dict[str, Any] = await answer.json()
    await route.fulfill(json=found | {"title": "Backend engineer", "questions": AS_A_JOB_ASKS})


def text_of(path: Path) -> str:
    return path.read_text()


async def looked_at(site: Site, page: Page, name: str) -> None:
    await accessible(page)
    assert page.viewport_size is not None
    assert await page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name
    await site.picture(page, f"candidate-{name}")


async def test_from_the_consent_to_the_hand_in_on_a_telephone(site: Site) -> None:
    address = await invited(site, agreed=False, questions=[str(asked["text"]) for asked in AS_A_JOB_ASKS])
    page = await site.page("/links.html", width=360)
    await page.route("**/v1/upload-link?*", as_of_a_job)
    await page.goto(site.url + address)
    await expect(page.get_by_text("2 questions for: Backend engineer")).to_be_visible()
    await looked_at(site, page, "consent")
    await press(page, "Agree and continue")
    await expect(page.get_by_role("heading", name="Before you begin")).to_be_visible()  # both boxes are needed
    await expect(page.get_by_role("checkbox")).to_have_count(2)
    for box in await page.get_by_role("checkbox").all():
        await box.press("Space")
    await press(page, "Agree and continue")
    await expect(page.get_by_role("heading", name="Your questions")).to_be_focused()
    async with page.expect_download() as download:
        await press(page, "Save my consent receipt")
    receipt = text_of(await (await download.value).path())
    assert "Siti Rahma" in receipt
    assert "[x] I have read what this is" in receipt
    await site.picture(page, "candidate-overview")
    await press(page, "Record my answers")
    await expect(page.get_by_text("You can be heard.")).to_be_visible()
    await expect(page.get_by_text("Good", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Practise first")).to_be_enabled()
    await looked_at(site, page, "check")
    await press(page, "Practise first")
    await press(page, "Start recording")
    await expect(page.get_by_role("button", name="I have finished")).to_be_focused()
    await expect(page.locator(".clock")).to_have_text(re.compile("left: 0:[012]"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Continue to the questions")).to_be_focused()
    assert not [name for name in site.gateway.files() if name.startswith("uploads/")]
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Time left: 0:0")).to_be_visible()  # it began by itself when thinking ended
    await looked_at(site, page, "recording")
    await press(page, "Record again (1 left)")  # and ended by itself
    await press(page, "Start recording")
    await expect(page.get_by_role("button", name="Keep and continue")).to_be_visible()
    await expect(page.get_by_role("button", name="Record again")).to_have_count(0)
    await looked_at(site, page, "review")
    await press(page, "Keep and continue")
    await expect(page.get_by_text("Why this role?")).to_be_visible()
    await site.picture(page, "candidate-thinking")
    await press(page, "Start recording")
    await expect(page.locator(".clock")).to_have_text(re.compile("left: 1:[012]"))
    await press(page, "I have finished")
    await press(page, "Keep and continue")
    await site.picture(page, "candidate-complete")
    await press(page, "Submit my answers")
    await expect(page.get_by_text("Thank you: your answers have arrived.")).to_be_visible()
    first, second = handed_in(site)
    assert first.has_audio
    assert first.has_video
    assert first.duration_s > 1.5
    assert second.has_video
    [created] = site.gateway.orchestrator.created
    assert created.consent_reference.startswith("given by the candidate ")
    assert [answer.file_name.partition(".")[0] for answer in created.answers] == ["question-1", "question-2"]


async def test_a_lost_network_loses_nothing(site: Site) -> None:
    page = await site.page(await invited(site))
    await begun(page)
    await arrived(site, 1)
    await page.context.set_offline(True)
    await expect(page.get_by_text("No network. Keep going")).to_be_visible()
    await press(page, "I have finished")
    await press(page, "Keep and continue")
    await expect(page.get_by_text("No network: ")).to_be_visible()
    await accessible(page)
    await site.picture(page, "candidate-offline")
    await expect(page.get_by_role("button", name="Submit my answers")).to_have_count(0)
    await page.context.set_offline(False)
    await press(page, "Submit my answers")
    await expect(page.get_by_text("Thank you")).to_be_visible()
    [found] = handed_in(site)
    assert found.duration_s > 3.0  # the first chunk has two seconds, and the second met no network
    site.expected("ERR_INTERNET_DISCONNECTED")


@pytest.mark.parametrize("script", ["", MP4_ONLY], ids=["webm", "mp4"])
async def test_a_closed_page_loses_what_was_open_and_goes_on_elsewhere(site: Site, script: str) -> None:
    address = await invited(site)
    page = await site.page("/links.html")
    await page.add_init_script(script)
    await page.goto(site.url + address)
    await begun(page)
    await arrived(site, 5000)
    await page.close()
    again = await site.page(address)  # a browser of its own, that knows nothing of the first
    await expect(again.get_by_text("interrupted", exact=True)).to_be_visible()
    await expect(again.get_by_text("Why this role?")).to_be_visible()
    await accessible(again)
    await site.picture(again, "candidate-interrupted")
    await press(again, "Keep the part of answer 1 that arrived")
    await expect(again.get_by_role("button", name="Submit my answers")).to_be_focused()
    await again.keyboard.press("Enter")
    await expect(again.get_by_text("Thank you")).to_be_visible()
    [found] = handed_in(site)
    [sound] = heard(site)
    assert abs(len(sound) / SAMPLE_RATE_HZ - found.duration_s) < 0.5
    assert np.abs(sound).max() > 0.01
    assert found.format.startswith("mov" if script else "matroska")
    assert found.has_audio
    assert found.has_video
    assert found.duration_s > 1.0


async def test_an_interrupted_answer_can_be_given_again_and_all_be_deleted(site: Site) -> None:
    address = await invited(site)
    page = await site.page(address)
    await begun(page)
    await arrived(site, 1)
    await page.reload()
    await expect(page.get_by_text("The recording was interrupted;")).to_be_visible()
    await press(page, "Answer question 1 again")
    await press(page, "Start with the questions")
    await press(page, "Start recording")
    await expect(page.locator(".clock")).to_have_text(re.compile("left: 4:"))
    await press(page, "I have finished")
    await press(page, "Keep and continue")
    await expect(page.get_by_text("recorded", exact=True)).to_be_visible()
    headers = {"Authorization": f"Bearer {address.partition('#')[2]}"}
    there = (await site.gateway.client.get("/v1/upload-link/uploads", headers=headers)).json()["uploads"]
    assert [each["length"] == each["offset"] for each in there] == [True]
    page.once("dialog", lambda dialog: dialog.accept())
    await press(page, "Delete my recordings")
    await expect(page.get_by_text("not answered")).to_be_visible()
    assert not [name for name in site.gateway.files() if name.startswith("uploads/")]


async def test_sound_alone_where_the_link_allows_it(site: Site) -> None:
    page = await site.page(await invited(site, audio_only=True, language="id"), locale="id-ID", width=360)
    await press(page, "Rekam jawaban saya")
    await page.get_by_text("Suara saja").click()
    await expect(page.locator(".picture")).to_be_hidden()
    await accessible(page)
    await press(page, "Mulai dengan pertanyaan")
    await press(page, "Mulai merekam")
    await expect(page.locator(".clock")).to_have_text(re.compile("waktu: 4:"))
    await press(page, "Saya selesai")
    await press(page, "Pakai dan lanjutkan")
    await press(page, "Serahkan jawaban saya")
    await expect(page.get_by_text("Terima kasih")).to_be_visible()
    [found] = handed_in(site)
    assert (found.has_audio, found.has_video) == (True, False)


async def test_without_a_recorder_or_a_camera_files_are_left(site: Site) -> None:
    address = await invited(site)
    page = await site.page("/links.html")
    await page.add_init_script("delete window.MediaRecorder")
    await page.goto(site.url + address)
    await expect(page.get_by_text("This browser cannot record here.")).to_be_visible()
    await expect(page.get_by_role("button", name="Record my answers")).to_have_count(0)
    await expect(page.get_by_role("button", name="Choose files instead")).to_be_visible()
    refused = await site.page(address)
    reject = "() => Promise.reject(new DOMException('', 'NotAllowedError'))"
    await refused.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {reject} }}")
    await press(refused, "Record my answers")
    await expect(refused.get_by_role("alert")).to_contain_text("Allow it in the address bar")
    await expect(refused.get_by_role("button", name="Start with the questions")).to_be_disabled()
    await press(refused, "Back")
    await expect(refused.get_by_role("button", name="Choose files instead")).to_be_visible()


async def test_a_slow_line_makes_a_smaller_picture(site: Site) -> None:
    page = await site.page("/links.html")
    script = "import('/assets/candidate/quality.js').then(m => [null, 60, 100, 300, 800, 5000].map(m.qualityFor))"
    found = await page.evaluate(script)
    assert [each["height"] for each in found] == [240, 180, 180, 240, 360, 480]
    for speed, each in zip((100, 300, 800), found[2:5], strict=True):
        assert each["videoBits"] + each["audioBits"] == speed * 700
    assert (found[1]["videoBits"], found[1]["audioBits"]) == (36_000, 24_000)
    assert found[5]["videoBits"] == 1_000_000
