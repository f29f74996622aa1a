from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from servicekit.errors import ServiceError
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings

CONTENT = b"0123456789" * 300_000


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")), tmp_path)


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


OUTSIDE = ["file:///etc/passwd", "s3://bucket/key", "http://example.com/x"]
TRICKS = ["{root}../secret", "{root}a/../../b", "{root}", "{root}%2e%2e/x"]


@pytest.mark.parametrize("uri", OUTSIDE + TRICKS)
async def test_nothing_outside_the_root_is_read(store: MediaStore, uri: str) -> None:
    with pytest.raises(ServiceError, match="object store"):
        async with store.local_file(Media(uri.replace("{root}", store.root))):
            pass


async def test_a_folder_is_listed_and_deleted_without_its_neighbours(store: MediaStore) -> None:
    for key in ("s/1/a", "s/1/b/c", "s/10/a"):
        await store.write(key, b"x")
    assert await store.list("s/1") == ["s/1/a", "s/1/b/c"]
    assert await store.delete_prefix("s/1") == 2
    assert await store.list("s") == ["s/10/a"]
    await store.delete(store.uri("s/1/a"))
