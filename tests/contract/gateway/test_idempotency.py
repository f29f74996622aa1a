"""Uploads that are sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.submissions import form as received
from servicekit import media
from servicekit.errors import upstream_down
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.waiting import until

FORM = {"candidate_name": "Siti", "question": "Why?"}
BODY: dict[str, Any] = {
    "candidate_name": "Siti",
    "interviews": [{"question": "Why?", "recordedVideoUrl": "https://example.org/a.mp4"}],
}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects") as running:
        yield running


async def sent(gateway: RunningGateway, video: bytes = b"video", key: str = "k1") -> httpx.Response:
    files = {"videos": ("a.mp4", video)}
    return await gateway.client.post("/upload", data=FORM, files=files, headers={"Idempotency-Key": key})


async def test_the_same_upload_twice_is_one_session(gateway: RunningGateway) -> None:
    first = await sent(gateway)
    stored = gateway.files()
    gateway.orchestrator.sessions[first.json()["session_id"]].state = pb.SESSION_STATE_COMPLETED
    (gateway.store_dir / stored[0]).unlink()  # as after processing
    again = await sent(gateway)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["session_id"] == again.json()["session_id"]
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert gateway.files() == []  # nothing is stored a second time
    assert (await sent(gateway, key="k2")).json()["session_id"] != first.json()["session_id"]


@pytest.mark.parametrize("when", ["failure", "failure_after"])
async def test_a_session_that_may_have_been_recorded_has_its_recording_when_it_is_sent_again(
    gateway: RunningGateway, when: str
) -> None:
    setattr(gateway.orchestrator, when, upstream_down("The database"))
    assert (await sent(gateway)).status_code == 503
    setattr(gateway.orchestrator, when, None)
    again = await sent(gateway)
    assert again.status_code == 200
    assert await gateway.store.read(gateway.orchestrator.created[0].answers[0].media.uri) == b"video"
    assert len(gateway.orchestrator.sessions) == 1


async def test_a_recording_that_was_lost_before_its_session_began_is_stored_again(gateway: RunningGateway) -> None:
    await sent(gateway)
    (gateway.store_dir / gateway.files()[0]).unlink()
    again = await sent(gateway)
    assert (again.status_code, "idempotency-replayed" in again.headers) == (200, False)
    assert await gateway.store.read(gateway.orchestrator.created[-1].answers[0].media.uri) == b"video"


async def test_another_upload_under_the_same_key_is_refused_and_harms_nothing(gateway: RunningGateway) -> None:
    await sent(gateway)
    stored = gateway.files()
    other = await sent(gateway, b"another")
    assert (other.status_code, other.json()["success"]) == (409, False)
    assert gateway.files() == stored


async def test_links_likewise(gateway: RunningGateway) -> None:
    async def asked(body: dict[str, Any]) -> httpx.Response:
        return await gateway.client.post("/upload_json", json=body, headers={"Idempotency-Key": "k"})

    first, again = await asked(BODY), await asked(BODY)
    assert first.json()["session_id"] == again.json()["session_id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert (await asked(BODY | {"candidate_name": "Budi"})).status_code == 409


async def test_a_key_must_be_one(gateway: RunningGateway) -> None:
    assert (await sent(gateway, key="x" * 201)).status_code == 400


def being_written(gateway: RunningGateway) -> list[str]:
    return [path for path in gateway.files() if "#" in path]


async def test_a_try_that_breaks_off_harms_no_other_under_its_key(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, name in ((media, "PART_BYTES"), (received, "CHUNK_BYTES")):
        monkeypatch.setattr(place, name, 1000)  # of a shorter stream nothing is stored before its end

    async def stalled() -> AsyncIterator[bytes]:
        head = b'--x\r\nContent-Disposition: form-data; name="videos"; filename="a.mp4"\r\n\r\n'
        yield head + b"video" * 100_000
        await started.wait()
        raise ConnectionError

    started = asyncio.Event()
    headers = {"Idempotency-Key": "k1", "Content-Type": "multipart/form-data; boundary=x"}
    first = asyncio.create_task(gateway.client.post("/upload", content=stalled(), headers=headers))
    await until(lambda: being_written(gateway))
    accepted = await sent(gateway)
    stored = [path for path in gateway.files() if "#" not in path]
    started.set()
    with pytest.raises(ConnectionError):
        await first
    await until(lambda: not being_written(gateway))
    assert accepted.status_code == 200
    assert gateway.files() == stored
    assert len(stored) == 1
