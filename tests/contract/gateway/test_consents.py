"""A candidate's consent: what it names, where it lies, when it ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.consents.schemas import Receipt
from gateway.consents.store import Consents
from gateway.consents.texts import LANGUAGES, VERSION, offered
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import reason, uploaded

LINK = {"candidate_name": "Siti", "language": "id", "questions": ["Mengapa?"]}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    settings = {"candidate_contact": "write to hr@example.org {soon}"}
    async with running_gateway(tmp_path / "objects", **settings) as running:
        yield running


async def linked(gateway: RunningGateway, **more: Any) -> tuple[dict[str, str], str]:
    made = (await gateway.client.post("/v1/upload-links", json=LINK | more)).json()
    return {"Authorization": f"Bearer {made['url'].partition('#')[2]}"}, made["session_id"]


async def agreed(gateway: RunningGateway, link: dict[str, str], **other: str) -> httpx.Response:
    seen = (await gateway.client.get("/v1/upload-link?language=en", headers=link)).json()
    body = {
        "language": "en",
        "consent_sha256": seen["consent"]["sha256"],
        "information_sha256": seen["information"]["sha256"],
    }
    return await gateway.client.post("/v1/upload-link/consent", json=body | other, headers=link)


async def test_what_is_agreed_to_is_what_was_shown(gateway: RunningGateway) -> None:
    link, session_id = await linked(gateway)
    seen = (await gateway.client.get("/v1/upload-link", headers=link)).json()
    assert (seen["consent"]["language"], seen["receipt"]) == ("id", None)
    seen = (await gateway.client.get("/v1/upload-link?language=en", headers=link)).json()
    told = seen["information"]["text"]
    assert "deleted 12 days after" in told
    assert "write to hr@example.org {soon}." in told
    assert seen["information"]["sha256"] == hashlib.sha256(told.encode()).hexdigest()
    other = await agreed(gateway, link, language="id")
    assert (other.status_code, reason(other)) == (409, "CONSENT_CHANGED")
    assert (await agreed(gateway, link, consent_sha256="0" * 64)).status_code == 409
    given = await agreed(gateway, link)
    assert given.status_code == 201
    receipt = given.json()
    assert (receipt["session_id"], receipt["candidate_name"]) == (session_id, "Siti")
    assert (receipt["consent"], receipt["information"]) == (seen["consent"], seen["information"])
    assert (await gateway.client.get("/v1/upload-link", headers=link)).json()["receipt"] == receipt
    stranger, _ = await linked(gateway)
    assert (await gateway.client.get("/v1/upload-link", headers=stranger)).json()["receipt"] is None


@pytest.mark.parametrize("recruiter", ["", "form 7", "x" * 200])
async def test_it_goes_with_the_session(gateway: RunningGateway, recruiter: str) -> None:
    link, session_id = await linked(gateway, consent_reference=recruiter)
    receipt = (await agreed(gateway, link)).json()
    upload = await uploaded(gateway, b"one", "/v1/upload-link/uploads", **link)
    for _ in range(2):  # the same again, as after a lost answer
        done = await gateway.client.post("/v1/upload-link", json={"upload_ids": [upload]}, headers=link)
        assert done.status_code == 200
    given = f"given by the candidate {receipt['create_time']}, en {VERSION}, {receipt['consent']['sha256']}"
    expected = {"": given, "form 7": f"form 7; {given}"}.get(recruiter, recruiter)
    assert {created.consent_reference for created in gateway.orchestrator.created} == {expected}
    shown = await gateway.client.get(f"/v1/sessions/{session_id}/artefacts/consent.json")
    assert (shown.status_code, shown.json()) == (200, receipt)
    assert [name for name in gateway.files() if "consent" in name] == [f"sessions/{session_id}/consent.json"]
    late = await agreed(gateway, link)
    assert (late.status_code, reason(late)) == (401, "LINK_REFUSED")


async def test_a_consent_that_nobody_used_ends_with_its_link(gateway: RunningGateway) -> None:
    link, _ = await linked(gateway)
    receipt = Receipt.model_validate((await agreed(gateway, link)).json())
    consents = Consents(gateway.store)
    await gateway.store.write("consents/damaged.json", json.dumps({"session_id": 1}).encode())
    assert await consents.sweep_once() == 0
    await consents.keep(receipt.model_copy(update={"expire_time": datetime.now(UTC) - timedelta(seconds=1)}))
    assert await consents.sweep_once() == 1
    assert gateway.files() == ["consents/damaged.json"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_comparison_is_told_and_agreed_to_only_where_it_is_made(gateway: RunningGateway, language: str) -> None:
    told = {"en": "compared between", "id": "dibandingkan di antara"}[language]
    for policy, compared in (("", True), ("eu", False)):
        link, _ = await linked(gateway, policy=policy)
        seen = (await gateway.client.get(f"/v1/upload-link?language={language}", headers=link)).json()
        assert (told in seen["information"]["text"], told in seen["consent"]["text"]) == (compared, compared)
        assert "  " not in seen["information"]["text"] + seen["consent"]["text"]


@pytest.mark.parametrize("compared", [True, False])
def test_both_languages_say_as_much(compared: bool) -> None:
    headings = [
        [line.startswith("# ") for line in offered(language, 30, "", compared).information.text.splitlines()]
        for language in LANGUAGES
    ]
    assert headings[0] == headings[1]
    assert sum(headings[0]) == 6
    assert offered("fr", 30, "", compared) == offered("en", 30, "", compared)
