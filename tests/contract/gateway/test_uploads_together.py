"""Several connections on one upload, lengths and checksums, and clients that know less of HTTP."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.uploads import blocks as resumable
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import TUS, begun, reason, sent, session_of

SECRET = "s" * 40


@pytest.fixture
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningGateway]:
    monkeypatch.setattr(resumable, "PART_BYTES", 100)
    async with running_gateway(tmp_path / "objects", signing_key=SECRET) as running:
        yield running


def connected(gateway: RunningGateway, path: str, length: int) -> socket.socket:
    """A connection that has announced `length` bytes from the beginning and sent none of them."""
    connection = socket.create_connection(("127.0.0.1", gateway.port))
    head = f"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
    connection.sendall(
        f"{head}Content-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n".encode()
    )
    return connection


async def test_a_stalled_connection_does_not_overwrite_its_successor(gateway: RunningGateway) -> None:
    path, whole = await begun(gateway, 24), b"abcdefghijklmnopqrstuvwx"
    with connected(gateway, path, 24) as stalled:
        stalled.sendall(whole[:2])
        await asyncio.sleep(0.2)  # it is in the middle of the body, with two bytes that are not stored
        first = await sent(gateway, path, 0, whole[:20])
        assert first.headers["upload-offset"] == "20"
    await asyncio.sleep(0.5)  # what the stalled one had is stored now, if anywhere
    assert (await sent(gateway, path, 20, whole[20:])).headers["upload-offset"] == "24"
    made = await gateway.client.post("/v1/sessions", json=session_of(path.rpartition("/")[2]))
    assert made.status_code == 201
    media = gateway.orchestrator.created[-1].answers[0].media
    assert (media.size_bytes, await gateway.store.read(media.uri)) == (24, whole)


async def test_an_empty_part_of_the_version_before_is_in_nobodys_way(gateway: RunningGateway) -> None:
    path = await begun(gateway, 6)
    assert (await sent(gateway, path, 0, b"abc")).status_code == 204
    assert [name for name in gateway.files() if "/parts/" in name][1:] == []  # today's leaves none
    [record] = [name for name in gateway.files() if name.endswith("upload.json")]
    await gateway.store.write(record.replace("upload.json", f"parts/{3:015d}"), b"")
    assert (await sent(gateway, path, 3, b"def")).headers["upload-offset"] == "6"


async def test_a_stalled_connection_does_not_undo_what_a_session_took(gateway: RunningGateway) -> None:
    path, whole = await begun(gateway, 24), b"abcdefghijklmnopqrstuvwx"
    with connected(gateway, path, 24) as stalled:
        stalled.sendall(whole[:2])
        await asyncio.sleep(0.2)
        assert (await sent(gateway, path, 0, whole)).status_code == 204
        body = session_of(path.rpartition("/")[2])
        assert (await gateway.client.post("/v1/sessions", json=body)).status_code == 201
    await asyncio.sleep(0.5)
    other = await gateway.client.post("/v1/sessions", json=body)
    assert (other.status_code, reason(other)) == (409, "UPLOAD_TAKEN")
    assert [name for name in gateway.files() if "/parts/" in name or "/lock/" in name] == []


async def test_of_two_that_send_at_the_same_time_each_byte_is_taken_once(gateway: RunningGateway) -> None:
    whole = bytes(range(256)) * 4
    path = await begun(gateway, len(whole))

    async def upload() -> None:
        """What a client does: send, and where it is told another place, go on there."""
        offset = 0
        while offset < len(whole):
            await sent(gateway, path, offset, whole[offset:])
            offset = int((await gateway.client.head(path, headers=TUS)).headers["upload-offset"])

    await asyncio.gather(*(upload() for _ in range(4)))
    made = await gateway.client.post("/v1/sessions", json=session_of(path.rpartition("/")[2]))
    assert made.status_code == 201
    assert await gateway.store.read(gateway.orchestrator.created[-1].answers[0].media.uri) == whole


async def test_a_file_of_another_length_is_not_accepted(gateway: RunningGateway) -> None:
    """However it came about: here the store gives out less of a part than it took."""
    path = await begun(gateway, 24)
    await sent(gateway, path, 0, b"a" * 12)
    [part] = [name for name in gateway.files() if "/parts/" in name]
    plain = gateway.store.stream

    def short(uri: str) -> AsyncIterator[bytes]:
        return plain(uri) if not uri.endswith(part) else nothing()

    async def nothing() -> AsyncIterator[bytes]:
        yield b"a"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gateway.store, "stream", short)
        damaged = await sent(gateway, path, 12, b"b" * 12)
    assert (damaged.status_code, reason(damaged)) == (400, "UPLOAD_DAMAGED")
    assert (await gateway.client.head(path, headers=TUS)).headers["upload-offset"] == "0"
    assert (await sent(gateway, path, 0, b"c" * 24)).status_code == 204


async def test_a_file_is_compared_with_the_hash_that_was_announced(gateway: RunningGateway) -> None:
    announced = base64.b64encode(hashlib.sha256(b"right").hexdigest().encode()).decode()
    path = await begun(gateway, 5, **{"Upload-Metadata": f"sha256 {announced}"})
    damaged = await sent(gateway, path, 0, b"wrong")
    assert (damaged.status_code, reason(damaged)) == (400, "UPLOAD_DAMAGED")
    assert (await sent(gateway, path, 0, b"right")).status_code == 204
    short = base64.b64encode(b"abc").decode()
    bad = await gateway.client.post(
        "/v1/uploads", headers=TUS | {"Upload-Length": "5", "Upload-Metadata": f"sha256 {short}"}
    )
    assert (bad.status_code, reason(bad)) == (400, "FIELD_INVALID")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
async def test_a_body_that_has_not_its_checksum_is_not_kept(gateway: RunningGateway, algorithm: str) -> None:
    path, body = await begun(gateway, 350), b"a" * 350
    checksum = f"{algorithm} {base64.b64encode(hashlib.new(algorithm, body).digest()).decode()}"
    differs = await sent(gateway, path, 0, b"b" * 350, **{"Upload-Checksum": checksum})
    assert (differs.status_code, reason(differs)) == (460, "CHECKSUM_DIFFERS")
    assert (await gateway.client.head(path, headers=TUS)).headers["upload-offset"] == "0"
    assert [name for name in gateway.files() if "/parts/" in name] == []
    assert (await sent(gateway, path, 0, body, **{"Upload-Checksum": checksum})).status_code == 204
    for bad in ("md5 AAAA", "sha1 *"):
        answer = await sent(gateway, path, 0, b"", **{"Upload-Checksum": bad})
        assert (answer.status_code, reason(answer)) == (400, "FIELD_INVALID")


async def test_every_answer_speaks_the_protocol(gateway: RunningGateway) -> None:
    path = await begun(gateway, 3)
    head = await gateway.client.head(path, headers=TUS)
    assert head.headers["upload-metadata"] == "filename YS5tcDQ=,filetype dmlkZW8vbXA0"
    assert head.headers["cache-control"] == "no-store"
    for answer in (
        head,
        await gateway.client.options("/v1/uploads"),
        await gateway.client.post("/v1/uploads", headers=TUS),  # 400
        await gateway.client.post("/v1/upload-link/uploads", headers=TUS),  # 401
        await gateway.client.head("/v1/uploads/" + "0" * 32, headers=TUS),  # 404
        await gateway.client.put("/v1/uploads", headers=TUS),  # 405
        await sent(gateway, path, 2, b"a"),  # 409
        await gateway.client.post("/v1/uploads", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "9"}),  # 412
    ):
        assert answer.headers["tus-resumable"] == "1.0.0", answer.status_code
    assert answer.headers["tus-version"] == "1.0.0"
    assert "tus-resumable" not in (await gateway.client.get("/v1/sessions")).headers


async def test_a_client_that_knows_only_post(gateway: RunningGateway) -> None:
    path = await begun(gateway, 3)

    async def meant(method: str, content: bytes = b"", **headers: str) -> httpx.Response:
        headers |= TUS | {"X-HTTP-Method-Override": method}
        return await gateway.client.post(path, headers=headers, content=content)

    chunk = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert (await meant("PATCH", b"abc", **chunk)).headers["upload-offset"] == "3"
    assert (await meant("HEAD")).headers["upload-offset"] == "3"
    assert (await meant("DELETE")).status_code == 204
    assert (await gateway.client.head(path, headers=TUS)).status_code == 404
    assert (await meant("GET")).status_code == 405
