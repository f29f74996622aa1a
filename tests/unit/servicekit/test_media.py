from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest

from rehearsal.servers.seaweedfs import SeaweedFs
from servicekit.errors import ServiceError
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from servicekit.storage import connection
from tests.support.servers import s3_settings
from tests.support.waiting import PAUSE_S

CONTENT = b"0123456789" * 300_000


@pytest.fixture
def store(object_store: StoreSettings, tmp_path: Path) -> MediaStore:
    return MediaStore(object_store, tmp_path)


async def test_what_is_written_is_read(store: MediaStore) -> None:
    media = await store.write("a/b/c", CONTENT)
    assert (media.size_bytes, media.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert await store.read(media.uri) == CONTENT
    async with store.local_file(media) as path:
        assert path.read_bytes() == CONTENT
    assert not path.exists()


@pytest.mark.parametrize("name", ["my files é", "C#", "100%"])
async def test_any_folder_can_hold_the_store(tmp_path: Path, name: str) -> None:
    store = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / name)))
    media = await store.write("a/b", b"x")
    assert await store.read(media.uri) == b"x"
    assert (tmp_path / name / "a" / "b").read_bytes() == b"x"


async def test_a_root_of_another_kind_is_refused() -> None:
    with pytest.raises(ServiceError, match="INTERVIEW_OBJECT_STORE"):
        MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE="ftp://example.com/x"))


async def test_a_file_is_copied_in(store: MediaStore, tmp_path: Path) -> None:
    (tmp_path / "video").write_bytes(CONTENT)
    media = await store.write_file("a", tmp_path / "video", "video/mp4")
    assert (media.size_bytes, media.content_type) == (len(CONTENT), "video/mp4")
    assert await store.read(media.uri) == CONTENT


async def test_a_failed_stream_keeps_what_was_there(store: MediaStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield CONTENT
        raise ConnectionAbortedError

    before = await store.write("a", b"first")
    with pytest.raises((ConnectionAbortedError, ServiceError)):
        await store.write("a", broken())
    assert await store.read(before.uri) == b"first"


async def test_the_local_copy_goes_with_an_error_too(store: MediaStore) -> None:
    media = await store.write("a", CONTENT)
    with pytest.raises(ZeroDivisionError):
        async with store.local_file(media) as path:
            raise ZeroDivisionError
    assert not path.parent.exists()


async def test_writing_again_replaces(store: MediaStore) -> None:
    await store.write("a", b"one")
    assert await store.read((await store.write("a", b"two")).uri) == b"two"
    assert await store.read((await store.write("a", b"")).uri) == b""


async def test_what_is_replaced_while_it_is_read_is_read_as_it_was(
    store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A published result is completed by its translations while pages ask for it."""
    await store.write("results/a.json", b"short")
    real = obstore.get_async

    async def replaced(*given: Any) -> Any:
        found = await real(*given)
        await store.write("results/a.json", b"something longer")
        return found

    monkeypatch.setattr(obstore, "get_async", replaced)
    assert await store.read(store.uri("results/a.json")) == b"short"


async def test_a_failed_stream_leaves_nothing(store: MediaStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield CONTENT
        raise ConnectionAbortedError

    with pytest.raises((ConnectionAbortedError, ServiceError)):
        await store.write("a/b", broken())
    assert await store.list("a") == []


async def test_a_service_error_in_the_stream_stays_what_it_is(store: MediaStore) -> None:
    async def refused() -> AsyncIterator[bytes]:
        yield b"x"
        raise ServiceError(code=None, reason="URL_FORBIDDEN", message="no")  # type: ignore[arg-type]

    with pytest.raises(ServiceError, match="URL_FORBIDDEN"):
        await store.write("a/b", refused())


@pytest.mark.parametrize("change", [{"size_bytes": 5}, {"sha256": "0" * 64}])
async def test_other_content_than_promised_is_corrupt(store: MediaStore, change: dict[str, object]) -> None:
    media = replace(await store.write("a", CONTENT), **change)  # type: ignore[arg-type]
    with pytest.raises(ServiceError, match="MEDIA_CORRUPT"):
        async with store.local_file(media):
            pass


async def test_what_is_not_there_is_named(store: MediaStore) -> None:
    with pytest.raises(ServiceError, match="MEDIA_NOT_FOUND"):
        await store.read(store.uri("no/such"))


async def test_a_stream_of_many_parts_arrives_whole(store: MediaStore) -> None:
    digest = hashlib.sha256()

    async def made() -> AsyncIterator[bytes]:
        for number in range(23):  # MiB, and a bit: five parts of 5 MB as S3 takes them
            chunk = number.to_bytes(2, "big") * (1 << 19)
            digest.update(chunk)
            yield chunk
        digest.update(b"end")
        yield b"end"

    media = await store.write("long", made())
    assert (media.size_bytes, media.sha256) == ((23 << 20) + 3, digest.hexdigest())
    async with store.local_file(media) as path:
        assert path.stat().st_size == media.size_bytes


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_nothing_but_scratch_stays_on_the_disk(s3_server: SeaweedFs, tmp_path: Path) -> None:
    store = MediaStore(s3_settings(s3_server), tmp_path)
    media = await store.write("a", CONTENT)
    async with store.local_file(media) as path:
        assert files(tmp_path) == [path]
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"INTERVIEW_OBJECT_STORE": "s3://nothing-here"},
        {"INTERVIEW_S3_ACCESS_KEY_ID": "nobody"},
        {"INTERVIEW_S3_SECRET_ACCESS_KEY": "wrong"},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_a_wrong_bucket_or_key_is_said_to_be_one(s3_server: SeaweedFs, changes: dict[str, str]) -> None:
    store = MediaStore(s3_settings(s3_server, **changes))

    async def chunks() -> AsyncIterator[bytes]:
        yield b"x"

    uri = store.uri("a")
    for call in (
        store.read(uri),
        store.write("a", b"x"),
        store.write("a", chunks()),
        store.list("a"),
        store.delete(uri),
    ):
        with pytest.raises(ServiceError, match="STORE_REFUSED"):
            await call


async def test_a_server_that_is_gone_is_down(s3_server: SeaweedFs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection._RETRIES, "max_retries", 1)
    store = MediaStore(s3_settings(s3_server, INTERVIEW_S3_ENDPOINT="http://127.0.0.1:9"))
    for call in (store.read(store.uri("a")), store.write("a", b"x"), store.list("a"), store.delete(store.uri("a"))):
        with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
            await call


async def test_a_signed_url_reads_one_object_and_ends(s3_server: SeaweedFs) -> None:
    store = MediaStore(s3_settings(s3_server))
    media = await store.write("a/b.json", b"{}", "application/json")
    other = await store.write("a/c.json", b"{}")
    url = await store.download_url(media.uri, timedelta(minutes=5))
    short = await store.download_url(media.uri, timedelta(seconds=1))
    assert url is not None
    assert short is not None
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(url)
        assert (answer.status_code, answer.content) == (200, b"{}")
        assert answer.headers["content-type"] == "application/json"
        assert (await client.get(url.replace("b.json", "c.json"))).status_code == 403
        assert (await client.put(url, content=b"x")).status_code == 403
        assert (await client.get(url.partition("?")[0])).status_code == 403
        while (answer := await client.get(short)).status_code == 200:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(PAUSE_S)
        assert answer.status_code == 403
    with pytest.raises(ServiceError, match="MEDIA_NOT_FOUND"):
        await store.download_url(store.uri("none"), timedelta(seconds=1))
    with pytest.raises(ServiceError, match="object store"):
        await store.download_url(other.uri.replace("s3://test", "s3://other"), timedelta(seconds=1))


async def test_a_folder_signs_nothing(tmp_path: Path) -> None:
    store = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path)))
    assert await store.download_url(store.uri("a"), timedelta(seconds=1)) is None


OUTSIDE = ["file:///etc/passwd", "s3://bucket/key", "http://example.com/x"]
TRICKS = ["{root}../secret", "{root}a/../../b", "{root}", "{root}%2e%2e/x"]


@pytest.mark.parametrize("uri", OUTSIDE + TRICKS)
async def test_nothing_outside_the_root_is_read(store: MediaStore, uri: str) -> None:
    with pytest.raises(ServiceError, match="object store"):
        async with store.local_file(Media(uri.replace("{root}", store.root))):
            pass


async def test_a_moved_object_is_there_once(store: MediaStore) -> None:
    media = await store.write("a/b", CONTENT)
    await store.move(media.uri, "c/d")
    assert await store.sizes("c") == [("c/d", len(CONTENT))]
    assert (await store.folders("c"), await store.list("a")) == ([], [])
    with pytest.raises(ServiceError, match="MEDIA_NOT_FOUND"):
        await store.move(media.uri, "e")


async def test_a_folder_is_listed_and_deleted_without_its_neighbours(store: MediaStore) -> None:
    for key in ("s/1/a", "s/1/b/c", "s/10/a"):
        await store.write(key, b"x")
    assert await store.list("s/1") == ["s/1/a", "s/1/b/c"]
    assert await store.delete_prefix("s/1") == 2
    assert await store.list("s") == ["s/10/a"]
    await store.delete(store.uri("s/1/a"))
    assert [await store.exists(store.uri(f"s/{number}/a")) for number in (1, 10)] == [False, True]
