"""The object store where folders have keys: a folder on the disk and S3."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from rehearsal.servers.seaweedfs import SeaweedFs
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from servicekit.storage.keys import folder_of
from servicekit.storage.segments import SEGMENT_BYTES, DataKey
from tests.support.keys import KeysInMemory
from tests.support.servers import s3_settings

SESSION, OTHER = "a" * 32, "b" * 32
FOLDER = f"sessions/{SESSION}"
VIDEO = f"{FOLDER}/0/video"
WORDS = b"I resolved the payment outage. "
CONTENT = WORDS * 300_000  # 9 MiB: longer than what is read in one piece


@pytest.fixture
def keys() -> KeysInMemory:
    return KeysInMemory()


@pytest.fixture
def store(object_store: StoreSettings, tmp_path: Path, keys: KeysInMemory) -> MediaStore:
    return MediaStore(object_store, tmp_path, keys)


@pytest.fixture
def bare(object_store: StoreSettings, store: MediaStore) -> MediaStore:
    """The same store, as somebody without keys sees it."""
    return MediaStore(object_store)


async def raw(store: MediaStore, key: str) -> bytes:
    """What lies in the store."""
    return b"".join([chunk async for chunk in store._stored(store.uri(key))])


async def reason(awaited: object) -> str:
    with pytest.raises(ServiceError) as raised:
        await awaited  # type: ignore[misc]
    return str(raised.value.reason)


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 300_007):
        yield content[start : start + 300_007]


async def test_what_lies_in_the_store_says_nothing(store: MediaStore, bare: MediaStore, tmp_path: Path) -> None:
    await store.begin(FOLDER)
    streamed = await store.write(VIDEO, pieces(CONTENT))
    whole = await store.write(f"results/{SESSION}.json", CONTENT)
    assert streamed.sha256 == whole.sha256  # of the content
    assert await store.read(streamed.uri) == await store.read(whole.uri) == CONTENT
    async with store.local_file(streamed) as path:
        assert path.read_bytes() == CONTENT
    for media in (streamed, whole):
        assert WORDS not in await raw(store, store.key(media.uri))
        assert await reason(bare.read(media.uri)) == "KEY_MISSING"
        assert await store.size(media.uri) == len(CONTENT)
    assert await store.sizes(FOLDER) == [(VIDEO, len(CONTENT))]


@pytest.mark.parametrize(
    ("start", "length"),
    [
        (0, 1),
        (0, SEGMENT_BYTES),
        (SEGMENT_BYTES - 1, 2),
        (SEGMENT_BYTES, SEGMENT_BYTES),
        (1_000_000, 3_000_000),
        (len(CONTENT) - 5, 5),
        (len(CONTENT) - 5, 500),
        (len(CONTENT), 1),
        (len(CONTENT) + 200_000, 10),
        (7, 0),
    ],
)
async def test_parts_are_read(store: MediaStore, start: int, length: int) -> None:
    await store.begin(FOLDER)
    for key in (VIDEO, "direct/video"):  # encrypted, and not
        media = await store.write(key, CONTENT)
        assert await store.part(media.uri, start, length) == CONTENT[start : start + length]


async def test_a_part_of_what_was_changed_is_refused(store: MediaStore, bare: MediaStore) -> None:
    await store.begin(FOLDER)
    media = await store.write(VIDEO, CONTENT)
    there = bytearray(await raw(store, VIDEO))
    there[200_000] ^= 1
    await bare.write(VIDEO, bytes(there))
    assert await store.part(media.uri, 0, 1000) == CONTENT[:1000]
    assert await reason(store.part(media.uri, 197_000, 1000)) == "MEDIA_CORRUPT"
    assert await reason(store.read(media.uri)) == "MEDIA_CORRUPT"


async def test_objects_cannot_stand_in_for_one_another(store: MediaStore, bare: MediaStore) -> None:
    for folder in (FOLDER, f"sessions/{OTHER}"):
        await store.begin(folder)
    media = await store.write(VIDEO, CONTENT)
    for other in (f"{FOLDER}/1/video", f"sessions/{OTHER}/0/video"):
        await store.write(other, b"another")
        await bare.write(VIDEO, await raw(store, other))
        assert await reason(store.read(media.uri)) in ("MEDIA_CORRUPT", "KEY_MISSING")
    for planted in (b"in clear", b"", CONTENT):
        await bare.write(VIDEO, planted)
        assert await reason(store.read(media.uri)) == "MEDIA_CORRUPT"


async def test_a_folder_that_began_in_clear_stays_so(store: MediaStore, bare: MediaStore) -> None:
    media = await bare.write(VIDEO, CONTENT)
    await store.begin(FOLDER)
    assert await store.read(media.uri) == CONTENT
    await store.write(f"{FOLDER}/0/transcript.json", WORDS)
    assert await raw(store, f"{FOLDER}/0/transcript.json") == WORDS


async def test_only_some_things_have_keys(store: MediaStore) -> None:
    assert folder_of(VIDEO) == folder_of(f"results/{SESSION}.json") == FOLDER
    assert folder_of(f"{FOLDER}/consent.json") == FOLDER
    assert folder_of(f"consents/{SESSION}.json") == f"consents/{SESSION}"
    assert folder_of("uploads/o/u/parts/000") == folder_of("uploads/o/u/upload.json") == "uploads/o/u"
    for name in ("direct/answer.mp4", "uploads/o/u/lock/000000001", "sessions/a", "uploads/o/u", "x"):
        assert folder_of(name) == ""


async def test_a_move_gives_the_new_folders_key(store: MediaStore, keys: KeysInMemory) -> None:
    for folder in ("uploads/o/u", FOLDER):
        await store.begin(folder)
    video = await store.write("uploads/o/u/video", pieces(CONTENT))
    await store.move(video.uri, VIDEO)
    await store.shred("uploads/o/u")
    assert await store.read(store.uri(VIDEO)) == CONTENT
    assert not await store.exists(video.uri)
    assert await reason(store.move(video.uri, VIDEO)) == "MEDIA_NOT_FOUND"
    assert await store.read(store.uri(VIDEO)) == CONTENT


async def test_clear_and_encrypted_folders_exchange_objects(store: MediaStore) -> None:
    plain = await store.write("uploads/o/u/video", CONTENT)  # begun by an older version
    await store.begin(FOLDER)
    await store.move(plain.uri, VIDEO)
    assert WORDS not in await raw(store, VIDEO)
    await store.move(store.uri(VIDEO), "uploads/o/u/video")
    assert await raw(store, "uploads/o/u/video") == CONTENT


async def test_one_of_two_creates(store: MediaStore) -> None:
    await store.begin("uploads/o/u")
    key = "uploads/o/u/parts/000000000000000"
    assert [await store.create(key, WORDS), await store.create(key, b"x")] == [True, False]
    assert await store.read(store.uri(key)) == WORDS
    assert await store.sizes("uploads/o/u/parts") == [(key, len(WORDS))]


async def test_without_its_key_nothing_is_read_and_others_are(store: MediaStore, keys: KeysInMemory) -> None:
    for session in (SESSION, OTHER):
        await store.begin(f"sessions/{session}")
        await store.write(f"sessions/{session}/0/video", CONTENT)
    await store.shred(FOLDER)
    assert await reason(store.read(store.uri(VIDEO))) == "KEY_MISSING"
    assert await reason(store.part(store.uri(VIDEO), 0, 5)) == "KEY_MISSING"
    await store.begin(FOLDER)  # what lies there keeps it from a new key, which could not open it
    assert FOLDER not in keys.keys
    assert await store.read(store.uri(f"sessions/{OTHER}/0/video")) == CONTENT
    assert await store.delete_prefix(FOLDER) == 1  # deleting needs no key


async def test_a_key_that_was_replaced_is_asked_for_anew(store: MediaStore, keys: KeysInMemory) -> None:
    await store.begin(FOLDER)
    media = await store.write(VIDEO, CONTENT)
    keys.stale[FOLDER] = DataKey.new()
    assert await store.read(media.uri) == CONTENT
    keys.keys[FOLDER] = DataKey.new()
    assert await reason(store.read(media.uri)) == "KEY_MISSING"


async def test_a_caller_can_send_the_key_along(store: MediaStore, bare: MediaStore, keys: KeysInMemory) -> None:
    await store.begin(FOLDER)
    media, key = await store.write(VIDEO, CONTENT), keys.keys[FOLDER]
    for sent in (key, DataKey(b"", key.secret)):
        async with bare.local_file(media, sent) as path:
            assert path.read_bytes() == CONTENT
    for wrong, said in ((DataKey.new(), "KEY_MISSING"), (DataKey(b"", bytes(32)), "MEDIA_CORRUPT")):
        with pytest.raises(ServiceError, match=said):
            async with bare.local_file(media, wrong):
                pass


async def test_a_signed_url_is_for_what_is_in_clear(s3_server: SeaweedFs, keys: KeysInMemory) -> None:
    store = MediaStore(s3_settings(s3_server), keys=keys)
    await store.begin(FOLDER)
    sealed, clear = await store.write(VIDEO, b"x"), await store.write("direct/video", b"x")
    assert await store.download_url(sealed.uri, timedelta(minutes=5)) is None
    assert await store.download_url(clear.uri, timedelta(minutes=5)) is not None
