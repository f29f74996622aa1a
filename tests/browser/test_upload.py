"""Handing in recordings, following the work, and the list of sessions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from playwright.async_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.test_dashboard import accessible
from tests.support.gateway import running_gateway
from tests.support.recorded import ID

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SAMPLE = Path(__file__).parents[2] / "sample"


async def test_videos_with_questions_become_a_session_whose_progress_is_shown(site: Site) -> None:
    page = await site.page("/")
    await page.get_by_role("button", name="Start the assessment").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the candidate's name.")
    await page.get_by_label("Candidate's name").fill("Siti Rahma")
    await page.get_by_label("Reference to the candidate's consent").fill("form 7")
    await page.locator("#files").set_input_files([SAMPLE / "answer_en.mp4", SAMPLE / "answer_id.webm"])
    await page.get_by_label("Question 1").fill("Tell me about a bug.")
    await page.get_by_role("button", name="Start the assessment").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter the question of video 2.")
    await page.get_by_label("Question 2").fill("What was hard?")
    await accessible(page)
    await site.picture(page, "upload")
    async with page.expect_response("**/v1/sessions"):
        await page.get_by_role("button", name="Start the assessment").click()
    await expect(page.get_by_role("heading", name="Assessment in progress")).to_be_visible()
    [created] = site.gateway.orchestrator.created
    assert [a.question for a in created.answers] == ["Tell me about a bug.", "What was hard?"]
    assert (created.policy, created.consent_reference) == ("eu", "form 7")
    session = site.gateway.orchestrator.sessions[created.session_id]
    session.state = pb.SESSION_STATE_RUNNING
    for answer in session.answers:
        answer.state = pb.ANSWER_STATE_RUNNING
        answer.stages.add(name="transcribe", state=pb.STAGE_STATE_RUNNING, fraction=0.4)
        answer.stages.add(name="watch", state=pb.STAGE_STATE_PENDING)
    site.gateway.orchestrator.put(session)
    await expect(page.get_by_text("40 %").first).to_be_visible()
    await site.picture(page, "progress")
    await page.reload()
    await expect(page.get_by_text("40 %").first).to_be_visible()
    session.state = pb.SESSION_STATE_COMPLETED
    async with page.expect_console_message(lambda said: "404" in said.text):  # this session has no result
        site.gateway.orchestrator.put(session)
    await page.wait_for_url("**/halaman_dasboard.html?session=*")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    site.expected("404")


async def test_one_or_all_videos_can_be_taken_back(site: Site) -> None:
    page = await site.page("/Upload.html")
    files = [SAMPLE / "answer_en.mp4", SAMPLE / "answer_id.webm"]
    await page.locator("#files").set_input_files(files)
    await page.get_by_role("button", name="Remove video 1").click()
    await expect(page.locator(".video .name")).to_contain_text(["answer_id.webm"])
    await page.locator("#files").set_input_files(files)
    await page.get_by_role("button", name="Remove all").click()
    await expect(page.locator(".video")).to_have_count(0)


async def test_links_are_checked_before_they_are_sent(site: Site) -> None:
    page = await site.page("/Upload.html")
    await page.get_by_text("Links (JSON)").click()
    box = page.locator("#json-panel textarea")
    await box.fill('{"candidate_name": "A", "interviews": [{"question": "Why?", "recordedVideoUrl": "ftp://x"}]}')
    await expect(page.get_by_text("recordedVideoUrl must start with http")).to_be_visible()
    await page.get_by_role("button", name="Insert the example").click()
    await expect(page.get_by_text("Siti Rahma: 2 recordings.")).to_be_visible()
    await page.get_by_label("Reference to the candidate's consent").fill("form 7")
    await site.picture(page, "upload-json")
    async with page.expect_response("**/upload_json"):
        await page.get_by_role("button", name="Start the assessment").click()
    await expect(page.get_by_role("heading", name="Assessment in progress")).to_be_visible()
    [created] = site.gateway.orchestrator.created
    assert [a.url for a in created.answers][1] == "https://example.org/answer-2.webm"


async def test_sessions_are_listed_found_and_deleted(site: Site) -> None:
    await site.publish()
    for number, name in enumerate(("Budi Santoso", "Rina Wulandari")):
        other = pb.Session(session_id=f"{number:032x}", candidate_name=name, state=pb.SESSION_STATE_RUNNING)
        other.answers.add(question="Why?")
        site.gateway.orchestrator.put(other)
    page = await site.page("/sessions.html")
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(3)
    await accessible(page)
    await site.picture(page, "sessions")
    await page.get_by_label("Candidate or session").fill("budi")
    await expect(rows).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Delete: Budi Santoso").click()
    await expect(rows).to_have_count(0)
    assert f"{0:032x}" not in site.gateway.orchestrator.sessions
    await page.get_by_label("Candidate or session").fill("sample")
    await page.get_by_role("link", name="Sample Candidate").click()
    await page.wait_for_url(f"**/halaman_dasboard.html?session={ID}")


async def test_both_languages_have_the_same_texts(site: Site) -> None:
    page = await site.page("/Upload.html")
    script = (
        "Promise.all(['en', 'id'].map(c => import(`/assets/i18n/${c}.js`).then(m => Object.keys(m.default).sort())))"
    )
    english, indonesian = await page.evaluate(script)
    assert english == indonesian
    assert len(json.dumps(english)) > 1000


async def test_a_candidate_hands_in_under_a_link_once(site: Site) -> None:
    link = {"candidate_name": "Siti Rahma", "language": "id", "questions": ["Mengapa Anda melamar?"]}
    made = (await site.gateway.client.post("/v1/upload-links", json=link)).json()
    path = made["url"].partition("/candidate.html")[2]
    page = await site.page(f"/candidate.html{path}", locale="id-ID", width=400)
    await expect(page.get_by_role("checkbox")).to_have_count(2)
    for box in await page.get_by_role("checkbox").all():
        await box.check()
    await page.get_by_role("button", name="Setuju dan lanjutkan").click()
    await page.get_by_role("button", name="Pilih berkas saja").click()
    await page.get_by_label("Mengapa Anda melamar?").set_input_files(SAMPLE / "answer_id.webm")
    await accessible(page)
    await site.picture(page, "candidate-files")
    await page.get_by_role("button", name="Kirim jawaban saya").click()
    await expect(page.get_by_text("Terima kasih: jawaban Anda sudah kami terima.")).to_be_visible()
    assert site.gateway.orchestrator.created[0].session_id == made["session_id"]
    await page.reload()
    await expect(page.get_by_text("Jawaban Anda sudah diserahkan.")).to_be_visible()
    broken = await site.page("/candidate.html#rubbish")
    await expect(broken.get_by_role("alert")).to_contain_text("not complete")
    site.expected("401")


async def test_where_sign_in_is_needed_a_key_leads_back(browser: Browser, tmp_path: Path, pictures: Path) -> None:
    async with running_gateway(tmp_path / "signed", sign_in=True) as gateway:
        site = Site(gateway, browser, pictures)
        gateway.orchestrator.keys["ias_rina"] = pb.ApiKey(key_id="0" * 16, name="Rina", scopes=["read"])
        page = await site.page("/sessions.html")
        await page.wait_for_url("**/sign-in.html?next=%2Fsessions.html")
        await page.get_by_label("API key").fill("ias_wrong")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.locator("#problem")).to_contain_text("unknown")
        await page.get_by_label("API key").fill("ias_rina")
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/sessions.html")
        await expect(page.get_by_text("No matching sessions.")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await page.wait_for_url("**/sign-in.html")
        await page.context.close()


async def test_a_session_that_is_gone_is_said_to_be(site: Site) -> None:
    page = await site.page("/Upload.html")
    await page.evaluate("id => localStorage.setItem('video_processing_session', id)", "f" * 32)
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("no longer kept")
    await expect(page.get_by_role("heading", name="New assessment")).to_be_visible()
    site.expected("404")


async def test_an_upload_goes_on_after_a_broken_connection_and_a_reload(site: Site) -> None:
    page = await site.page("/Upload.html")
    video = SAMPLE / "answer_id.webm"

    async def fill() -> None:
        await page.get_by_label("Candidate's name").fill("Siti Rahma")
        await page.get_by_label("Reference to the candidate's consent").fill("form 7")
        await page.locator("#files").set_input_files([video])
        await page.get_by_label("Question 1").fill("What was hard?")
        await page.get_by_role("button", name="Start the assessment").click()

    await page.route("**/v1/uploads/*", lambda route: route.abort())
    await fill()
    await expect(page.get_by_text("If the connection breaks, the upload continues by itself.")).to_be_visible()
    async with page.expect_request("**/v1/uploads/*"):
        pass
    await page.reload()
    await page.unroute("**/v1/uploads/*")
    begun = [name for name in site.gateway.files() if name.endswith("upload.json")]
    async with page.expect_response("**/v1/sessions") as answer:
        await fill()
    assert (await answer.value).status == 201
    assert [name for name in site.gateway.files() if name.endswith("upload.json")] == begun
    [created] = site.gateway.orchestrator.created
    assert created.answers[0].media.size_bytes == video.stat().st_size
    site.expected("ERR_FAILED")
