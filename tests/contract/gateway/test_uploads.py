"""Resumable uploads, with the tus project's own client and by hand."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from tusclient.client import TusClient

from gateway.access.invitation import Invitation
from gateway.settings import GatewaySettings
from gateway.uploads import blocks as resumable
from gateway.uploads.expiry import sweep_once
from gateway.uploads.record import Upload
from gateway.uploads.store import uploads_in
from servicekit.errors import upstream_down
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import TUS, begun, reached, reason, sent, session_of, uploaded

SECRET = "s" * 40


@pytest.fixture
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningGateway]:
    monkeypatch.setattr(resumable, "PART_BYTES", 100)
    async with running_gateway(tmp_path / "objects", signing_key=SECRET) as running:
        yield running


async def test_the_protocols_own_client_uploads_and_resumes(gateway: RunningGateway, tmp_path: Path) -> None:
    video = tmp_path / "answer.mp4"
    video.write_bytes(bytes(range(256)) * 20)

    def upload() -> str:
        client = TusClient(f"{gateway.url}/v1/uploads")
        with video.open("rb") as file:
            uploader = client.uploader(file_stream=file, chunk_size=1000, metadata={"filename": "a"})
            uploader.upload(stop_at=2000)
            again = client.uploader(file_stream=file, chunk_size=1000, url=uploader.url)
            assert again.offset == 2000
            again.upload()
        return str(uploader.url)

    url = await asyncio.to_thread(upload)
    made = await gateway.client.post("/v1/sessions", json=session_of(url.rpartition("/")[2]))
    assert made.status_code == 201
    media = gateway.orchestrator.created[-1].answers[0].media
    assert await gateway.store.read(media.uri) == video.read_bytes()
    assert media.size_bytes == 5120


async def test_capabilities(gateway: RunningGateway) -> None:
    answer = await gateway.client.options("/v1/uploads")
    assert (answer.status_code, answer.headers["tus-version"]) == (204, "1.0.0")
    assert answer.headers["tus-extension"].split(",") == [
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "checksum",
        "expiration",
        "termination",
    ]
    assert int(answer.headers["tus-max-size"]) == 4 << 30


async def test_what_arrived_before_a_connection_broke_is_kept(gateway: RunningGateway) -> None:
    path = await begun(gateway, 1000)
    head = f"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
    with socket.create_connection(("127.0.0.1", gateway.port)) as connection:
        connection.sendall(
            f"{head}Content-Type: application/offset+octet-stream\r\nContent-Length: 1000\r\n\r\n".encode()
        )
        connection.sendall(b"a" * 350)
        await reached(gateway, path, 300)  # whole parts are stored while the rest is awaited
    await reached(gateway, path, 350)
    assert (await sent(gateway, path, 350, b"b" * 650)).headers["upload-offset"] == "1000"
    made = await gateway.client.post("/v1/sessions", json=session_of(path.rpartition("/")[2]))
    assert made.status_code == 201
    assert await gateway.store.read(gateway.orchestrator.created[-1].answers[0].media.uri) == b"a" * 350 + b"b" * 650


async def test_parts_that_do_not_follow_on_are_refused(gateway: RunningGateway) -> None:
    path = await begun(gateway, 500)
    await sent(gateway, path, 0, b"a" * 200)
    wrong = await sent(gateway, path, 100, b"b" * 100)
    assert (wrong.status_code, reason(wrong)) == (409, "OFFSET_DIFFERS")
    assert wrong.json()["error"]["details"][0]["metadata"] == {"offset": "200"}
    long = await sent(gateway, path, 200, b"c" * 301)
    assert (long.status_code, reason(long)) == (400, "FIELD_INVALID")
    early = await gateway.client.post("/v1/sessions", json=session_of(path.rpartition("/")[2]))
    assert (early.status_code, reason(early)) == (400, "UPLOAD_INCOMPLETE")


async def test_bad_requests(gateway: RunningGateway) -> None:
    path = await begun(gateway, 10)
    for code, answer in (
        (400, await gateway.client.post("/v1/uploads", headers=TUS)),
        (400, await gateway.client.post("/v1/uploads", headers=TUS | {"Upload-Length": "0"})),
        (
            400,
            await gateway.client.post(
                "/v1/uploads", headers=TUS | {"Upload-Length": "9", "Upload-Metadata": "filename *"}
            ),
        ),
        (413, await gateway.client.post("/v1/uploads", headers=TUS | {"Upload-Length": str(5 << 30)})),
        (412, await gateway.client.post("/v1/uploads", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "9"})),
        (415, await sent(gateway, path, 0, b"a", **{"Content-Type": "text/plain"})),
        (404, await sent(gateway, "/v1/uploads/" + "0" * 32, 0, b"a")),
        (404, await gateway.client.delete("/v1/uploads/..%5c", headers=TUS)),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (code, code)


async def test_a_beginning_with_the_first_bytes_and_giving_up(gateway: RunningGateway) -> None:
    headers = TUS | {"Upload-Length": "6", "Content-Type": "application/offset+octet-stream"}
    answer = await gateway.client.post("/v1/uploads", headers=headers, content=b"abc")
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "3")
    path = httpx.URL(answer.headers["location"]).path
    assert "upload-expires" in (await gateway.client.head(path, headers=TUS)).headers
    assert (await gateway.client.delete(path, headers=TUS)).status_code == 204
    assert (await gateway.client.head(path, headers=TUS)).status_code == 404
    assert gateway.files() == []


async def test_uploads_of_others_are_as_good_as_missing(tmp_path: Path) -> None:
    async with running_gateway(tmp_path / "objects", sign_in=True) as gateway:
        for number, name in enumerate(("rina", "budi")):
            gateway.orchestrator.keys[f"ias_{name}"] = pb.ApiKey(key_id=f"{number:016x}", name=name, scopes=["submit"])
        rina, budi = ({"Authorization": f"Bearer ias_{name}"} for name in ("rina", "budi"))
        path = await begun(gateway, 3, **rina)
        assert (await sent(gateway, path, 0, b"one")).status_code == 401
        assert (await sent(gateway, path, 0, b"one", **budi)).status_code == 404
        assert (await sent(gateway, path, 0, b"one", **rina)).status_code == 204
        body = session_of(path.rpartition("/")[2])
        assert (await gateway.client.post("/v1/sessions", json=body, headers=budi)).status_code == 404
        assert (await gateway.client.post("/v1/sessions", json=body, headers=rina)).status_code == 201


async def test_a_candidate_resumes_under_a_link(gateway: RunningGateway) -> None:
    invitation = Invitation(session_id="a" * 32, candidate_name="Siti", language="id", questions=("Mengapa?",))
    token, _ = invitation.token(SECRET, timedelta(hours=1))
    link = TUS | {"Authorization": f"Bearer {token}"}
    answer = await gateway.client.post("/v1/upload-link/uploads", headers=link | {"Upload-Length": "3"})
    path = httpx.URL(answer.headers["location"]).path
    assert path.startswith("/v1/upload-link/uploads/")
    assert (await sent(gateway, path, 0, b"one")).status_code == 401
    assert (await sent(gateway, path, 0, b"one", **link)).status_code == 204
    ids = {"upload_ids": [path.rpartition("/")[2]]}
    short = await gateway.client.post("/v1/upload-link", json={"upload_ids": ids["upload_ids"] * 2}, headers=link)
    assert short.status_code == 400
    assert (await gateway.client.post("/v1/upload-link", json={"upload_ids": []}, headers=link)).status_code == 400
    done = await gateway.client.post("/v1/upload-link", json=ids, headers=link)
    assert (done.status_code, done.json()) == (200, {"videos": 1})
    assert gateway.orchestrator.created[-1].session_id == "a" * 32
    assert (await gateway.client.post("/v1/upload-link", json=ids, headers=link)).status_code == 200  # the same again
    other = await uploaded(gateway, b"two", "/v1/upload-link/uploads", **link)
    again = await gateway.client.post("/v1/upload-link", json={"upload_ids": [other]}, headers=link)
    assert again.status_code == 401


async def test_a_link_cannot_fill_the_store(gateway: RunningGateway) -> None:
    invitation = Invitation(session_id="a" * 32, candidate_name="Siti", language="id", questions=("Mengapa?",))
    link = TUS | {"Authorization": f"Bearer {invitation.token(SECRET, timedelta(hours=1))[0]}", "Upload-Length": "3"}
    begun = [await gateway.client.post("/v1/upload-link/uploads", headers=link) for _ in range(4)]
    assert [answer.status_code for answer in begun] == [201, 201, 201, 429]
    assert reason(begun[-1]) == "TOO_MANY_UPLOADS"
    path = httpx.URL(begun[0].headers["location"]).path
    assert (await gateway.client.delete(path, headers=link)).status_code == 204
    assert (await gateway.client.post("/v1/upload-link/uploads", headers=link)).status_code == 201


async def test_a_damaged_record_keeps_nothing_else(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    await uploaded(gateway, b"one")
    await gateway.store.write(f"uploads/{'f' * 32}/{'e' * 32}/upload.json", b"{")
    monkeypatch.setattr(Upload, "expired", property(lambda self: True))
    assert await sweep_once(uploads_in(gateway.store, GatewaySettings()), gateway.sessions, gateway.store) == 1


async def test_an_upload_whose_deletion_broke_off_is_still_found(gateway: RunningGateway) -> None:
    path = f"/v1/uploads/{await uploaded(gateway, b'one')}"
    deleted: list[str] = []
    plain = gateway.store.delete

    async def broken(uri: str) -> None:
        if deleted:
            raise upstream_down("The object store")
        deleted.append(uri)
        await plain(uri)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gateway.store, "delete", broken)
        assert (await gateway.client.delete(path, headers=TUS)).status_code == 503
    assert (await gateway.client.delete(path, headers=TUS)).status_code == 204
    assert gateway.files() == []


async def test_what_nobody_finished_or_used_is_deleted(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads, sessions = uploads_in(gateway.store, GatewaySettings()), gateway.sessions
    await begun(gateway, 1000)
    await uploaded(gateway, b"two")
    left = await uploaded(gateway, b"three")
    gateway.orchestrator.failure = upstream_down("The database")
    await gateway.client.post("/v1/sessions", json=session_of(left))
    assert await sweep_once(uploads, sessions, gateway.store) == 0
    assert [name for name in gateway.files() if name.startswith("sessions/")]
    monkeypatch.setattr(Upload, "expired", property(lambda self: True))
    assert await sweep_once(uploads, sessions, gateway.store) == 3
    assert gateway.files() == []
