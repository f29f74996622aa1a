"""From a job to a decision and to the end of everything, as a new user would go through it."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from orchestrator.policies.policy import POLICIES
from tests.browser.hiring import SAID, Hiring, objected, recorded_on_a_phone, uploaded
from tests.browser.recording import press, recording_browser
from tests.support.playback import SAMPLE
from tests.support.reciter import Reciter
from tests.support.smtp import mail_server
from tests.support.waiting import until
from tests.support.whole import whole_system

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
CSV = "Name,E-mail\nBudi Santoso,budi(at)example.org\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with recording_browser(tmp_path_factory.mktemp("devices"), SAMPLE / "answer_en.mp4") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def site(
    browser: Browser, tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Hiring]:
    policies = Path(shutil.copytree(POLICIES, tmp_path / "policies"))
    played = (policies / "playback.yaml").read_text().replace("name: playback", "name: blind_playback")
    (policies / "blind_playback.yaml").write_text(f"{played}\nblind_review: true\n")
    async with mail_server() as post:
        mail = {"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none", "smtp_sender": "a@b.example"}
        async with whole_system(tmp_path, monkeypatch, Reciter(SAID), policies, **mail) as running:
            found = Hiring(running, browser, pictures, post=post)
            yield found
            for context in found.contexts:
                await context.close()
            assert found.complaints == []


async def test_from_a_job_to_a_decision_and_to_the_end_of_everything(site: Hiring) -> None:
    key = await site.gateway.key("Rina Wulandari", "submit", "read", "review")
    page = await site.signed_in(key, "/jobs.html")
    await job_made(site, page)
    await three_invited(site, page)
    phone = await recorded_on_a_phone(site)
    await uploaded(site)
    await assessed(site, page)
    second = await site.gateway.key("Joko Susilo", "read", "review")
    other = await site.signed_in(second, page.url.removeprefix(site.url))
    await rated_blind(site, page, other)
    await gone_through(page)
    await compared(site, page)
    await decided(site, page)
    await written_to(site, page)
    await objected(site, phone)
    await decided_anew(site, page)
    await gone(site, page, phone)


async def job_made(site: Hiring, page: Page) -> None:
    """From a template, with one question less and a policy that keeps recordings and has people rate first."""
    await page.get_by_role("link", name="New job").click()
    await page.get_by_label("Start from").select_option("customer_service")
    await page.get_by_role("button", name="Remove question 3").click()
    await page.get_by_label("Policy").select_option("blind_playback")
    await expect(page.get_by_text("Recordings can be played until somebody has decided. Reviewers")).to_be_visible()
    await site.seen(page, "job-new")
    await page.get_by_role("button", name="Create the job").click()
    await page.wait_for_url("**/job.html?job=*")


async def three_invited(site: Hiring, page: Page) -> None:
    """Two by hand, one from a list whose line has to be corrected first; all by mail."""
    table = page.get_by_role("region", name="Invitations").get_by_role("table")
    for place, (name, email) in enumerate((("Siti Rahma", "siti@example.org"), ("Dewi Anggraini", "dewi@example.org"))):
        await page.get_by_label("Candidate's name").fill(name)
        await page.get_by_label("E-mail (optional)").fill(email)
        await page.get_by_role("button", name="Invite", exact=True).click()
        await expect(table.get_by_text("not sent")).to_have_count(place + 1)
    upload = page.get_by_label("Or many at once, from a CSV file")
    await upload.set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": CSV.encode()})
    await expect(page.get_by_text("Line 2: this is not an e-mail address.")).to_be_visible()
    await site.seen(page, "list-checked")
    mended = CSV.replace("(at)", "@").encode()
    await upload.set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": mended})
    await page.get_by_role("button", name="Invite all (1)").click()
    await expect(table.get_by_text("not sent")).to_have_count(3)
    await page.get_by_role("button", name="Mail all unsent invitations").click()
    await expect(page.get_by_text("Mailed: 3 of 3.")).to_be_visible()
    await site.seen(page, "invited")


async def assessed(site: Hiring, page: Page) -> None:
    """Both assessments are in the table, behind the reviewers' own; Dewi has not answered."""
    table = page.get_by_role("region", name="Table of candidates")
    while await table.get_by_text("rate it first").count() < 2:
        await page.reload()
        await expect(table.get_by_role("row")).to_have_count(3)
    not_yet = (
        "m => m.candidateRow({hidden: true, state: 'running', decision: 'open', create_time: '2026-01-01'}, '', '')"
    )
    running = await page.evaluate(f"import('/assets/workspace/row.js').then({not_yet}).then(row => row.textContent)")
    assert "rate it first" not in running  # there is nothing to rate yet
    await expect(page.get_by_role("row", name=re.compile("Dewi")).get_by_text("sent", exact=True)).to_be_visible()
    await site.seen(page, "candidates-blind")


async def rated_blind(site: Hiring, page: Page, other: Page) -> None:
    """Who wants to compare rates first; the second reviewer sees nothing of the first one's until they have rated."""
    await chosen(page)
    await expect(page.get_by_text("you rate them by yourself first.")).to_have_count(2)
    for name, rating in (("Siti Rahma", "4"), ("Budi Santoso", "3")):
        await page.get_by_role("alert").filter(has_text=name).get_by_role("link").click()
        await expect(page.get_by_text("This assessment is reviewed blind.")).to_be_visible()
        await expect(page.get_by_text("I let her finish" if rating == "4" else "I apologised").first).to_be_visible()
        if rating == "4":
            await site.seen(page, "scorecard")
            await press(page, "Record my scorecard")
            await expect(page.get_by_role("alert")).to_have_text("Answer 1: rate Quality.")
        await rated(page, rating)
        await page.get_by_role("link", name="Back to the job").click()
        if rating == "4":
            await chosen(page)
    table = page.get_by_role("region", name="Table of candidates")
    await expect(table.get_by_text("not decided")).to_have_count(2)
    await expect(page.get_by_text("rate it first")).to_have_count(0)
    invitations = page.get_by_role("region", name="Invitations").get_by_role("table")
    await expect(invitations.get_by_text("submitted", exact=True)).to_have_count(2)
    await expect(page.get_by_text("Invited: 3 · Submitted: 2 · To decide: 2")).to_be_visible()
    await site.seen(page, "candidates")
    await other.get_by_role("link", name="Siti Rahma").click()
    await expect(other.get_by_text("Good examples.")).to_have_count(0)
    await rated(other, "5")
    cards = other.get_by_role("region", name="Scorecards")
    await expect(cards.get_by_text("Good examples.")).to_have_count(2)
    agreed = "People: of 10 pairs of ratings from 1 to 5, 0 are the same and 10 at most one step apart"
    await expect(cards.get_by_text(agreed)).to_be_visible()
    await site.seen(other, "scorecards", full=False)
    await cards.screenshot(path=site.pictures / "walk-scorecards.png")


async def gone_through(page: Page) -> None:
    """From one candidate to the next by keyboard, in the table's order, and back to the job."""
    await page.get_by_role("link", name="Budi Santoso").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Budi Santoso")
    await expect(page.get_by_text("1 of 2")).to_be_visible()
    await page.get_by_role("link", name="Next candidate").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Siti Rahma")
    await expect(page.get_by_role("link", name="Next candidate")).to_have_count(0)
    await expect(page.get_by_role("link", name="Previous candidate")).to_be_visible()
    await page.get_by_role("link", name="Back to the job").click()


async def chosen(page: Page) -> None:
    """Both candidates, to be compared."""
    for name in ("Siti Rahma", "Budi Santoso"):
        await page.get_by_label(f"Choose {name} to compare").check()
    await page.get_by_role("link", name="Compare").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Candidates side by side")


async def rated(page: Page, rating: str) -> None:
    """Every criterion of every answer."""
    await expect(page.get_by_role("button", name="Record my scorecard")).to_be_visible()
    for group in await page.locator("fieldset").filter(has=page.get_by_text(rating, exact=True)).all():
        await group.get_by_text(rating, exact=True).click()
    await page.get_by_role("group", name="You recommend").get_by_text("Pass", exact=True).click()
    await page.get_by_label("Reason").fill("Good examples.")
    await press(page, "Record my scorecard")
    await expect(page.get_by_role("heading", name="Scorecards")).to_be_visible()


async def compared(site: Hiring, page: Page) -> None:
    """Side by side; a quote, a word and a time play each person's answer, one at a time, which is recorded."""
    await chosen(page)
    question = page.get_by_role("region", name="Tell us about a customer")
    siti, budi = (question.get_by_label(f"Recording of {name}, answer 1") for name in ("Siti Rahma", "Budi Santoso"))
    quote = question.get_by_role("button", name=re.compile("Then I called the warehouse|I let her finish")).first
    await quote.focus()
    await page.keyboard.press("Enter")
    await plays(page, siti)
    await question.get_by_text("What was said").last.click()
    await question.locator(".word", has_text="apologised").click()
    await plays(page, budi)
    assert await siti.evaluate("media => media.paused")
    assert await budi.evaluate("media => media.currentTime") > 5
    await expect(question.locator(".beside > div").last.locator(".word.now")).to_have_count(1)
    await budi.evaluate("media => media.pause()")
    await site.seen(page, "compare")


async def plays(page: Page, media: Locator) -> None:
    """It plays, and goes on."""
    handle = await media.element_handle()
    await page.wait_for_function("media => !media.paused && media.readyState > 2 && media.currentTime > 0", arg=handle)


async def decided(site: Hiring, page: Page) -> None:
    """Siti's case, after a look at every answer; with it her recordings are gone."""
    await page.get_by_role("link", name="Siti Rahma").first.click()
    await expect(page.get_by_text("Nobody has decided yet.")).to_be_visible()
    await looked_and_decided(page, "Not passed", "She asks nobody for help.")
    await expect(page.get_by_text("Rina Wulandari decided: Not passed")).to_be_visible()
    session_id = page.url.partition("session=")[2]
    assert (await site.gateway.played()).count(session_id) == 1
    await until(lambda: not [name for name in site.gateway.files(session_id) if name.endswith("playback.mp4")])
    await page.reload()
    await expect(page.get_by_text("The recording was deleted on")).to_have_count(2)
    await site.seen(page, "decided", full=False)


async def looked_and_decided(page: Page, decision: str, reason: str) -> None:
    """Both answers were looked at."""
    for n in (1, 2):
        await page.get_by_role("button", name=f"Look at answer {n}").click()
        await expect(page.get_by_role("button", name=f"Answer {n} looked at")).to_be_visible()
    await page.get_by_role("group", name="Decision").get_by_text(decision, exact=True).click()
    await page.get_by_label(re.compile("^Reason")).fill(reason)
    await press(page, "Record the decision")


async def written_to(site: Hiring, page: Page) -> None:
    """A letter without scores, made of what was said, read and sent by a person."""
    letter = page.locator("details", has=page.get_by_role("heading", name="Letter to the candidate"))
    await letter.locator("summary").first.click()
    await press(page, "Draft the letter")
    text = letter.get_by_label("Text", exact=True)
    await expect(text).to_have_value(re.compile("Hello Siti Rahma,"))
    await press(page, "Send by mail")
    await expect(letter.get_by_role("alert")).to_contain_text("not finished")
    unsaid = re.sub(r"(?s)\[\[.*?\]\]", "You said “I did it all alone” (0:02).", await text.input_value())
    await text.fill(unsaid)
    await press(page, "Save")
    await expect(letter.get_by_text("Nobody said “I did it all alone”")).to_be_visible()
    await text.fill(unsaid.replace("You said “I did it all alone” (0:02).", "We would like to hear how you knew."))
    await press(page, "Save")
    await expect(letter.get_by_text("Nobody said")).to_have_count(0)
    await site.seen(page, "letter", full=False)
    await letter.screenshot(path=site.pictures / "walk-letter.png")
    await press(page, "Send by mail")
    await expect(page.get_by_text("Sent by Rina Wulandari")).to_be_visible()
    assert site.post.mails[-1]["To"] == "siti@example.org"


async def decided_anew(site: Hiring, page: Page) -> None:
    """The objection opens the decision again, for a person to look at everything once more."""
    await page.get_by_role("link", name="Back to the job").click()
    await expect(page.get_by_role("row", name=re.compile("Siti Rahma")).get_by_text("contested")).to_be_visible()
    await page.get_by_role("link", name="Siti Rahma").click()
    await expect(page.get_by_text("I said that I ask my team lead.")).to_be_visible()
    await site.seen(page, "contested", full=False)
    await looked_and_decided(page, "Pass", "She asks her team lead.")
    await expect(page.get_by_text("Rina Wulandari decided: Pass")).to_be_visible()


async def gone(site: Hiring, page: Page, phone: Page) -> None:
    """At the end of the retention time nothing is left but a receipt."""
    session_id = page.url.partition("session=")[2]
    assert site.gateway.files(session_id)
    await site.gateway.retention_ends()
    await until(lambda: not site.gateway.files(session_id))
    while not await page.get_by_role("heading", name="Deleted").count():
        await page.reload()
        await expect(page.get_by_text("Loading the assessment…")).to_have_count(0)
    await expect(page.get_by_text("when its retention time was over")).to_be_visible()
    await expect(page.get_by_role("link", name="Receipt of the deletion")).to_be_visible()
    await site.seen(page, "gone")
    await phone.reload()
    await expect(phone.get_by_text("Everything that was kept under this link has been deleted.")).to_be_visible()
    await site.seen(phone, "gone-candidate")
    for code in ("400", "401", "404", "410"):  # refused on the way, there was no letter yet, all is gone
        site.expected(code)
