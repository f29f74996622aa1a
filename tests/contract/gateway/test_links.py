"""Candidates' links: one hand-in, nothing to see, an end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.access import believed
from gateway.access.invitation import Invitation
from servicekit.errors import internal_error, upstream_down
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import TUS, uploaded

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
    assert (seen["candidate_name"], seen["used"], seen["title"]) == ("Siti", False, "")
    assert seen["consent"]["text"].startswith("Saya telah membaca")
    assert [question["text"] for question in seen["questions"]] == ["Mengapa?", "Apa?"]
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


async def test_links_are_listed_without_the_candidate_and_revoked(gateway: RunningGateway) -> None:
    token, session_id = await made(gateway)
    other, used_id = await made(gateway)
    assert (await handed(gateway, other, b"one", b"two")).status_code == 200
    listed = (await gateway.client.get("/v1/upload-links")).json()
    assert [(link["session_id"], link["state"]) for link in listed["links"]] == [
        (used_id, "used"),
        (session_id, "open"),
    ]
    assert "Siti" not in str(listed)
    kept = str(gateway.orchestrator.links)
    assert "Siti" not in kept
    assert token not in kept
    page = (await gateway.client.get("/v1/upload-links?page_size=1")).json()
    rest = await gateway.client.get(f"/v1/upload-links?page_size=1&page_token={page['next_page_token']}")
    assert [page["links"][0]["session_id"], rest.json()["links"][0]["session_id"]] == [used_id, session_id]
    ended = await gateway.client.post(f"/v1/upload-links/{session_id}:revoke")
    assert (ended.status_code, ended.json()["state"]) == (200, "revoked")
    refused = await handed(gateway, token, b"one", b"two")
    assert (refused.status_code, "withdrawn" in refused.json()["error"]["message"]) == (401, True)
    assert len(gateway.orchestrator.created) == 1
    for unknown in ("0" * 32, "x"):
        missing = await gateway.client.post(f"/v1/upload-links/{unknown}:revoke")
        assert (missing.status_code, missing.json()["error"]["details"][0]["reason"]) == (404, "LINK_NOT_FOUND")


async def test_a_revoked_link_takes_no_more_of_a_file(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    token, session_id = await made(gateway)
    headers = TUS | {"Authorization": f"Bearer {token}", "Upload-Length": "9"}
    monkeypatch.setattr(believed, "KEPT_S", 0.0)
    assert (await gateway.client.post("/v1/upload-link/uploads", headers=headers)).status_code == 201
    await gateway.client.post(f"/v1/upload-links/{session_id}:revoke")
    refused = await gateway.client.post("/v1/upload-link/uploads", headers=headers)
    assert (refused.status_code, refused.json()["error"]["details"][0]["reason"]) == (401, "LINK_REFUSED")


async def test_links_from_before_they_were_listed_still_work(gateway: RunningGateway) -> None:
    invitation = Invitation(session_id="0" * 32, candidate_name="A", language="en", questions=("Why?",))
    token, _ = invitation.token(SECRET, timedelta(hours=1))
    assert (await handed(gateway, token, b"one")).status_code == 200


async def test_links_of_others_are_as_good_as_missing(tmp_path: Path) -> None:
    settings = {"sign_in": True, "session_access": "owner", "signing_key": SECRET}
    async with running_gateway(tmp_path / "objects", **settings) as gateway:
        for number, name in enumerate(("rina", "budi", "boss")):
            scopes = ["admin"] if name == "boss" else ["submit"]
            gateway.orchestrator.keys[f"ias_{name}"] = pb.ApiKey(key_id=f"{number:016x}", name=name, scopes=scopes)
        rina, budi, boss = ({"Authorization": f"Bearer ias_{name}"} for name in ("rina", "budi", "boss"))
        link = (await gateway.client.post("/v1/upload-links", json=LINK, headers=rina)).json()
        path = f"/v1/upload-links/{link['session_id']}:revoke"
        assert (await gateway.client.get("/v1/upload-links", headers=budi)).json()["links"] == []
        assert (await gateway.client.post(path, headers=budi)).status_code == 404
        assert len((await gateway.client.get("/v1/upload-links", headers=boss)).json()["links"]) == 1
        assert (await gateway.client.post(path, headers=rina)).status_code == 200
