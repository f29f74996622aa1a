"""Candidates' links: one hand-in, nothing to see, an end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from gateway.access.invitation import Invitation
from servicekit.errors import internal_error, upstream_down
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import uploaded

SECRET = "s" * 40
LINK = {"candidate_name": "Siti", "language": "id", "questions": ["Mengapa?", "Apa?"], "policy": "eu",
        "consent_reference": "form 7"}  # fmt: skip


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", signing_key=SECRET) as running:
        yield running


async def made(gateway: RunningGateway) -> tuple[str, str]:
    """The token of a new link and its session's id."""
    response = await gateway.client.post("/v1/upload-links", json=LINK)
    assert response.status_code == 201
    url, _, token = response.json()["url"].partition("#")
    assert url.endswith("/candidate.html")
    return token, response.json()["session_id"]


async def handed(gateway: RunningGateway, token: str, *videos: bytes) -> httpx.Response:
    files = [("videos", (f"{n}.mp4", video)) for n, video in enumerate(videos)]
    headers = {"Authorization": f"Bearer {token}".strip()}
    return await gateway.client.post("/v1/upload-link", files=files or {"none": b""}, headers=headers)


async def test_a_candidate_hands_in_once(gateway: RunningGateway) -> None:
    token, session_id = await made(gateway)
    headers = {"Authorization": f"Bearer {token}"}
    seen = (await gateway.client.get("/v1/upload-link", headers=headers)).json()
    assert (seen["candidate_name"], seen["questions"], seen["used"]) == ("Siti", ["Mengapa?", "Apa?"], False)
    first = await handed(gateway, token, b"one", b"two")
    assert (first.status_code, first.json()) == (200, {"videos": 2})
    [created] = gateway.orchestrator.created
    assert (created.session_id, created.policy, created.consent_reference) == (session_id, "eu", "form 7")
    assert [a.question for a in created.answers] == ["Mengapa?", "Apa?"]
    stored = gateway.files()
    again = await handed(gateway, token, b"three", b"four")
    assert (again.status_code, "already" in again.json()["error"]["message"]) == (401, True)
    assert gateway.files() == stored
    assert (await gateway.client.get("/v1/upload-link", headers=headers)).json()["used"] is True


@pytest.mark.parametrize("when", ["failure", "failure_after"])
async def test_a_hand_in_without_an_answer_can_be_repeated(gateway: RunningGateway, when: str) -> None:
    token, session_id = await made(gateway)
    setattr(gateway.orchestrator, when, upstream_down("The database"))
    assert (await handed(gateway, token, b"one", b"two")).status_code == 503
    setattr(gateway.orchestrator, when, None)
    again = await handed(gateway, token, b"one", b"two")
    assert (again.status_code, again.json()) == (200, {"videos": 2})
    recorded = gateway.orchestrator.created[0]
    assert recorded.session_id == session_id
    assert [await gateway.store.read(answer.media.uri) for answer in recorded.answers] == [b"one", b"two"]
    assert (await handed(gateway, token, b"one", b"two")).status_code == 200
    assert (await handed(gateway, token, b"one", b"other")).status_code == 401


async def test_a_hand_in_of_uploads_can_be_repeated(gateway: RunningGateway) -> None:
    token, _ = await made(gateway)
    headers = {"Authorization": f"Bearer {token}"}
    path = "/v1/upload-link/uploads"

    async def hand_in(ids: list[str]) -> httpx.Response:
        return await gateway.client.post("/v1/upload-link", json={"upload_ids": ids}, headers=headers)

    ids = [await uploaded(gateway, content, path, **headers) for content in (b"one", b"two")]
    gateway.orchestrator.failure_after = internal_error()
    assert (await hand_in(ids)).status_code == 500
    gateway.orchestrator.failure_after = None
    assert (await hand_in(ids)).status_code == 200
    assert (await hand_in([ids[0], "0" * 32])).status_code == 401
    recorded = gateway.orchestrator.created[0]
    assert [await gateway.store.read(answer.media.uri) for answer in recorded.answers] == [b"one", b"two"]


async def test_a_hand_in_that_is_incomplete_can_be_repeated(gateway: RunningGateway) -> None:
    token, _ = await made(gateway)
    short = await handed(gateway, token, b"one")
    assert (short.status_code, "must match videos count" in short.json()["error"]["message"]) == (400, True)
    assert gateway.files() == []
    assert (await handed(gateway, token, b"one", b"two")).status_code == 200


async def test_links_that_are_expired_or_changed(gateway: RunningGateway) -> None:
    token, _ = await made(gateway)
    invitation = Invitation(session_id="0" * 32, candidate_name="A", language="en", questions=("Why?",))
    expired, _ = invitation.token(SECRET, timedelta(hours=-1))
    forged, _ = invitation.token("x" * 40, timedelta(hours=1))
    for bad, says in ((expired, "expired"), (forged, "not complete"), (token[:-2], "not complete"), ("", "complete")):
        refused = await handed(gateway, bad, b"one")
        assert (refused.status_code, says in refused.json()["error"]["message"]) == (401, True)


async def test_a_link_opens_nothing_else(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "objects", sign_in=True, signing_key=SECRET) as gateway:
        assert (await gateway.client.post("/v1/upload-links", json=LINK)).status_code == 401
        invitation = Invitation(session_id="0" * 32, candidate_name="A", language="en", questions=("Why?",))
        token, _ = invitation.token(SECRET, timedelta(hours=1))
        assert (await handed(gateway, token, b"one")).status_code == 200
        for path in ("/v1/sessions", f"/results/{'0' * 32}", f"/status/{'0' * 32}"):
            refused = await gateway.client.get(path, headers={"Authorization": f"Bearer {token}"})
            assert refused.status_code == 401
