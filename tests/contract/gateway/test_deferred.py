"""Uploads whose length nobody knows yet: recordings that go up while they run (tus, creation-defer-length)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from gateway.access.invitation import Invitation
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import TUS, begun, reason, sent, session_of, uploaded

SECRET = "s" * 40
DEFERRED = TUS | {"Upload-Defer-Length": "1"}
LINKED = "/v1/upload-link/uploads"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", signing_key=SECRET, max_video_bytes=20) as running:
        yield running


async def running(gateway: RunningGateway, path: str = "/v1/uploads", **headers: str) -> str:
    """The path of an upload that has just begun."""
    answer = await gateway.client.post(path, headers=DEFERRED | headers)
    assert answer.status_code == 201
    return httpx.URL(answer.headers["location"]).path


def link(session_id: str = "a" * 32) -> dict[str, str]:
    invitation = Invitation(session_id=session_id, candidate_name="Siti", language="id", questions=("Mengapa?",))
    return {"Authorization": f"Bearer {invitation.token(SECRET, timedelta(hours=1))[0]}"}


@pytest.mark.parametrize("last", [b"", b"tail"])
async def test_the_length_comes_with_the_last_bytes_or_after_them(gateway: RunningGateway, last: bytes) -> None:
    path = await running(gateway)
    assert (await sent(gateway, path, 0, b"head")).headers["upload-offset"] == "4"
    asked = (await gateway.client.head(path, headers=TUS)).headers
    assert (asked["upload-offset"], asked["upload-defer-length"], "upload-length" in asked) == ("4", "1", False)
    body = session_of(path.rpartition("/")[2])
    assert reason(await gateway.client.post("/v1/sessions", json=body)) == "UPLOAD_INCOMPLETE"
    end = str(4 + len(last))
    assert (await sent(gateway, path, 4, last, **{"Upload-Length": end})).headers["upload-offset"] == end
    asked = (await gateway.client.head(path, headers=TUS)).headers
    assert (asked["upload-length"], "upload-defer-length" in asked) == (end, False)
    assert (await gateway.client.post("/v1/sessions", json=body)).status_code == 201
    assert await gateway.store.read(gateway.orchestrator.created[-1].answers[0].media.uri) == b"head" + last


async def test_a_length_is_said_once_and_never_less_than_what_is_there(gateway: RunningGateway) -> None:
    path = await running(gateway)
    await sent(gateway, path, 0, b"head")
    short = await sent(gateway, path, 4, b"", **{"Upload-Length": "3"})
    assert (short.status_code, reason(short)) == (400, "FIELD_INVALID")
    assert (await sent(gateway, path, 4, b"", **{"Upload-Length": "6"})).status_code == 204
    other = await sent(gateway, path, 4, b"tail", **{"Upload-Length": "8"})
    assert (other.status_code, reason(other)) == (400, "FIELD_INVALID")
    assert (await sent(gateway, path, 4, b"ta", **{"Upload-Length": "6"})).status_code == 204
    known = await begun(gateway, 4)
    assert (await sent(gateway, known, 0, b"head", **{"Upload-Length": "5"})).status_code == 400


async def test_without_a_length_the_largest_file_is_the_limit(gateway: RunningGateway) -> None:
    path = await running(gateway)
    assert (await sent(gateway, path, 0, b"x" * 20)).status_code == 204
    assert (await sent(gateway, path, 20, b"x")).status_code == 400
    assert (await sent(gateway, path, 20, b"", **{"Upload-Length": "21"})).status_code == 413


async def test_either_a_length_or_that_it_follows(gateway: RunningGateway) -> None:
    for wrong in ({}, {"Upload-Defer-Length": "1", "Upload-Length": "3"}, {"Upload-Defer-Length": "2"}):
        answer = await gateway.client.post("/v1/uploads", headers=TUS | wrong)
        assert (answer.status_code, reason(answer)) == (400, "FIELD_INVALID")


async def test_a_candidate_asks_what_is_there(gateway: RunningGateway) -> None:
    cut = await running(gateway, LINKED, **link(), **{"Upload-Metadata": "question MA==,take MQ==,is_running"})
    await sent(gateway, cut, 0, b"head", **link())
    whole = await uploaded(gateway, b"all", LINKED, **link())
    listed = (await gateway.client.get(LINKED, headers=link())).json()["uploads"]
    found = {each["upload_id"]: (each["offset"], each["length"], each["metadata"]) for each in listed}
    assert found == {
        cut.rpartition("/")[2]: (4, None, {"question": "0", "take": "1", "is_running": ""}),
        whole: (3, 3, {"filename": "a.mp4", "filetype": "video/mp4"}),
    }
    others = await gateway.client.get(LINKED, headers=link("b" * 32))
    assert others.json() == {"uploads": [], "takes": []}
    assert (await gateway.client.post("/v1/upload-link", json={"upload_ids": [whole]}, headers=link())).is_success
    left = (await gateway.client.get(LINKED, headers=link())).json()["uploads"]
    assert [each["upload_id"] for each in left] == [cut.rpartition("/")[2]]
