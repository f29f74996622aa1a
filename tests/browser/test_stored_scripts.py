"""What people wrote or said is shown as it is and never run: scripts in every text field that is stored."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from playwright.async_api import Page, expect

from tests.browser.conftest import Site
from tests.support.recorded import ID, RESULT, rated_result

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SCRIPT = (
    "<script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1>"
    "\"'><a href=javascript:window.ran=1>x</a>"
)
CODES = frozenset(
    {"session", "outcome", "proposal", "type", "severity", "language", "criterion", "direction", "timeline", "still",
     "transcript", "state", "grade", "source_language", "processed_at", "final_verdict", "original_rule_verdict",
     "final_aggregate_verdict", "risk_level", "overall_performance_status", "schema_version", "sha256", "from"}
)  # fmt: skip
"""Words of ours that pages choose by, not texts that come from people or models."""


def poisoned(value: Any, name: str = "") -> Any:
    """The same result with the script behind every text."""
    if isinstance(value, dict):
        return {key: poisoned(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, name) for one in value]
    return f"{value} {SCRIPT}" if isinstance(value, str) and value and name not in CODES else value


def poison(message: Any) -> None:
    """The script in every text of a session that people write."""
    for name in ("candidate_name", "message", "consent_reference", "objection", "policy", "rubric", "owner"):
        setattr(message, name, SCRIPT)
    for answer in message.answers:
        answer.question = answer.error_message = answer.file_name = SCRIPT
    message.review.CopyFrom(pb.Review(reviewer=SCRIPT, decision=pb.DECISION_PASS, reason=SCRIPT))
    message.review.overrides.add(kind=pb.OVERRIDE_KIND_VERDICT, target=SCRIPT, value=SCRIPT, reason=SCRIPT)


async def check(page: Page) -> None:
    """Nothing ran, nothing of it became an element, and it is there to be read."""
    await expect(page.get_by_text("<script>").first).to_be_attached()
    assert await page.evaluate("window.ran") is None
    made = "img[src='x'], svg[onload], a[href^='javascript:'], main script, [onerror]"
    assert await page.locator(made).count() == 0


async def published(site: Site, result: dict[str, Any]) -> None:
    session = await site.publish(poisoned(result))
    poison(session)
    session.review_state = pb.REVIEW_STATE_CONTESTED
    site.gateway.orchestrator.entries = [pb.AuditEntry(actor=SCRIPT, action="decided", details=SCRIPT)]
    site.gateway.orchestrator.put(session)


@pytest.mark.parametrize("result", [lambda: copy.deepcopy(RESULT), rated_result])
async def test_a_dashboard_runs_nothing(site: Site, result: Callable[[], dict[str, Any]]) -> None:
    await published(site, result())
    page = await site.page(f"/halaman_dasboard.html?session={ID}")
    await site.scrolled(page)
    await page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true")
    await check(page)


async def test_the_list_of_sessions_runs_nothing(site: Site) -> None:
    await published(site, copy.deepcopy(RESULT))
    await check(await site.page("/sessions.html"))


async def test_following_a_session_runs_nothing(site: Site) -> None:
    session = await site.publish()
    poison(session)
    session.state = pb.SESSION_STATE_FAILED
    site.gateway.orchestrator.put(session)
    page = await site.page("/Upload.html")
    await page.evaluate("id => localStorage.setItem('video_processing_session', id)", ID)
    await page.reload()
    await check(page)


async def test_a_candidates_page_runs_nothing(site: Site) -> None:
    form = {"candidate_name": SCRIPT[:190], "language": "en", "questions": [SCRIPT]}
    made = await site.gateway.client.post("/v1/upload-links", json=form)
    page = await site.page("/candidate.html" + made.json()["url"].partition("/candidate.html")[2])
    await check(page)


async def test_the_list_of_links_runs_nothing(site: Site) -> None:
    page = await site.page("/links.html")
    await page.get_by_label("Candidate's name").fill(SCRIPT)
    await page.get_by_label("Question 1", exact=True).fill(SCRIPT)
    await page.get_by_label("Reference to the candidate's consent").fill(SCRIPT)
    await page.get_by_role("button", name="Create the link").click()
    await expect(page.get_by_role("heading", name="Existing links")).to_be_visible()
    await check(page)
