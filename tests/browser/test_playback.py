"""The recording plays beside its transcript, from wherever somebody clicks."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_dashboard import DASHBOARD, FINDING, accessible
from tests.support.playback import playable
from tests.support.recorded import ID, RESULT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
PLAYS = "media => !media.paused && media.readyState > 2"
SHOWING = "media => [...media.textTracks].filter(track => track.mode === 'showing').map(track => track.language)"
SEGMENTS = RESULT["content"][0]["result"]["evidence"]["transcript"]["segments"]
WORDS: list[dict[str, Any]] = [word for segment in SEGMENTS for word in segment["words"]]


async def opened(site: Site, result: dict[str, Any] | None = None, **options: Any) -> tuple[Page, Locator, Locator]:
    """The page, the first answer, and its player."""
    await playable(site.gateway.store, await site.publish(result))
    page = await site.page(DASHBOARD, **options)
    answer = page.locator("#answer-0")
    await answer.locator("h2").scroll_into_view_if_needed()
    return page, answer, answer.locator(".player video")


async def plays_from(page: Page, media: Locator, start_s: float) -> None:
    """It plays, has come to this time, and goes on."""
    handle = await media.element_handle()
    await page.wait_for_function(PLAYS, arg=handle)
    found = float(await media.evaluate("media => media.currentTime"))
    assert start_s <= found
    await page.wait_for_function("([media, before]) => media.currentTime > before", arg=[handle, found])
    shown = await media.evaluate("media => media.played.length && media.played.end(media.played.length - 1)")
    assert start_s <= shown


def recorded(site: Site) -> list[int]:
    return [r.answer_index for r in site.gateway.orchestrator.audit.reads if r.what == "recording"]


async def test_a_click_on_a_word_plays_from_there(site: Site) -> None:
    page, answer, media = await opened(site)
    assert recorded(site) == []  # opening the page is not looking at recordings
    word = WORDS[20]
    await answer.locator(".word").nth(20).click()
    await plays_from(page, media, word["start_s"])
    assert await media.evaluate("media => media.videoWidth") == 480
    await expect(answer.locator(".word.now")).to_have_count(1)
    await expect(answer.locator(".needle")).to_have_attribute("visibility", "visible")
    await media.evaluate("media => media.pause()")
    await accessible(page)
    await answer.locator(".with-player").screenshot(path=site.pictures / "playback.png")
    earlier = await media.evaluate("media => media.currentTime")
    await answer.locator(".word").nth(2).click()
    handle = await media.element_handle()
    await page.wait_for_function("([media, t]) => media.currentTime < t && !media.paused", arg=[handle, earlier])
    assert recorded(site) == [0]  # once, whatever parts were fetched


async def test_quotes_findings_and_points_of_the_timeline_play_too(site: Site) -> None:
    result = copy.deepcopy(RESULT)
    result["content"][0]["result"]["evidence"]["findings"].append(FINDING)
    page, answer, media = await opened(site, result)
    ratings = RESULT["content"][0]["result"]["evidence"]["ratings"]
    quote = next(rating for rating in ratings if rating["quote"])
    await answer.locator("button.quote").first.click()
    await plays_from(page, media, quote["start_s"])
    await expect(answer.locator(".word.here").first).to_be_in_viewport()
    await answer.locator(".findings").get_by_role("button", name="Play from 0:05.0").click()
    await plays_from(page, media, 5.0)
    board = answer.locator(".board svg")
    await board.scroll_into_view_if_needed()
    box = await board.bounding_box()
    assert box is not None
    await board.click(position={"x": box["width"] / 2, "y": box["height"] - 30})
    length_s = RESULT["content"][0]["result"]["metadata"]["duration_seconds"]
    await plays_from(page, media, length_s / 2 - 0.5)
    await expect(media).to_be_in_viewport()


async def test_captions_in_both_languages_and_speed(site: Site) -> None:
    page, answer, media = await opened(site, locale="id-ID")
    await answer.get_by_label("Kecepatan").select_option("1.5")
    await answer.locator(".word").first.click()
    await plays_from(page, media, 0.0)
    assert await media.evaluate("media => media.playbackRate") == 1.5
    assert await media.evaluate(SHOWING) == ["id"]
    handle = await media.element_handle()
    cues = "media => [...media.textTracks].some(track => track.mode === 'showing' && track.cues?.length > 2)"
    await page.wait_for_function(cues, arg=handle)
    await answer.get_by_label("Takarir").select_option("en")
    assert await media.evaluate(SHOWING) == ["en"]
    first = "media => [...media.textTracks].find(track => track.mode === 'showing').cues?.[0]?.text"
    await page.wait_for_function(f"media => ({first})(media)", arg=handle)
    words = (await media.evaluate(first)).split()
    assert words == [word["text"].strip() for word in WORDS[: len(words)]]
    active = "media => [...media.textTracks].some(track => track.activeCues?.length)"
    await page.wait_for_function(active, arg=handle)
    await media.screenshot(path=site.pictures / "captions.png")
    await answer.get_by_label("Takarir").select_option("")
    assert await media.evaluate(SHOWING) == []
    await page.reload()
    await expect(answer.get_by_label("Kecepatan")).to_have_value("1.5")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_stays_in_sight_on_a_phone(site: Site, scheme: str) -> None:
    page, answer, media = await opened(site, width=360, color_scheme=scheme)
    await answer.locator(".word").nth(40).click()
    await plays_from(page, media, WORDS[40]["start_s"])
    await expect(media).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await media.evaluate("media => media.pause()")
    await accessible(page)
    await site.picture(page, f"playback-phone-{scheme}", full=False)


async def test_what_cannot_be_played_is_said(site: Site) -> None:
    session = await site.publish()
    await playable(site.gateway.store, session)
    for state, words in (
        (pb.PLAYBACK_STATE_PENDING, "The recording is being prepared."),
        (pb.PLAYBACK_STATE_FAILED, "could not be prepared"),
        (pb.PLAYBACK_STATE_DELETED, "The recording was deleted on"),
    ):
        session.answers[0].playback.state = state
        session.answers[0].playback.expire_time.GetCurrentTime()
        page = await site.page(DASHBOARD)
        await expect(page.locator("#answer-0 .playback-note")).to_contain_text(words)
        await expect(page.locator(".player")).to_have_count(0)


async def test_a_time_that_is_over_while_somebody_looks_is_said(site: Site) -> None:
    _, answer, _ = await opened(site)
    playback = site.gateway.orchestrator.sessions[ID].answers[0].playback
    playback.expire_time.CopyFrom(Timestamp(seconds=1))
    await answer.locator(".word").first.click()
    await expect(answer.get_by_role("alert").filter(has_text="can no longer be played")).to_be_visible()
    site.expected("404")
