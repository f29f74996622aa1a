from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.storage import streams
from servicekit.storage.segments import (
    HEADER_BYTES,
    SEALED_SEGMENT_BYTES,
    SEGMENT_BYTES,
    Cipher,
    DamagedError,
    DataKey,
    key_id,
    plain_size,
    seal,
    unseal,
)

KEY, NAME = DataKey.new(), "sessions/a/0/video"
SIZES = [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 2 * SEGMENT_BYTES, 3 * SEGMENT_BYTES + 17]


async def chunks(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def streamed(content: bytes, size: int) -> bytes:
    return b"".join([part async for part in streams.sealed(chunks(content, size), KEY, NAME)])


async def opened(sealed: bytes, size: int) -> bytes:
    parts = streams.opened(sealed[:HEADER_BYTES], chunks(sealed[HEADER_BYTES:], size), KEY, NAME)
    return b"".join([part async for part in parts])


@pytest.mark.parametrize("size", SIZES)
def test_what_is_encrypted_is_decrypted(size: int) -> None:
    content = secrets.token_bytes(size)
    sealed = seal(content, KEY, NAME)
    assert unseal(sealed, KEY, NAME) == content
    assert key_id(sealed[:HEADER_BYTES]) == KEY.id
    assert plain_size(len(sealed)) == size
    assert seal(content, KEY, NAME) != sealed  # the same content twice looks different


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chunk", [1000, SEGMENT_BYTES, SEALED_SEGMENT_BYTES, 1 << 20])
async def test_streams_have_the_same_format(size: int, chunk: int) -> None:
    content = secrets.token_bytes(size)
    sealed = await streamed(content, chunk)
    assert unseal(sealed, KEY, NAME) == content
    assert await opened(sealed, chunk) == content


CONTENT = secrets.token_bytes(3 * SEGMENT_BYTES + 100)
SEALED = seal(CONTENT, KEY, NAME)
STARTS = [HEADER_BYTES + i * SEALED_SEGMENT_BYTES for i in range(4)]


def _swapped(a: int, b: int) -> bytes:
    parts = [SEALED[s : s + SEALED_SEGMENT_BYTES] for s in STARTS]
    parts[a], parts[b] = parts[b], parts[a]
    return SEALED[:HEADER_BYTES] + b"".join(parts)


@pytest.mark.parametrize(
    "changed",
    [
        SEALED[: STARTS[3]],  # cut at the end of a segment
        SEALED[: STARTS[1]],
        SEALED[:HEADER_BYTES],
        SEALED[: HEADER_BYTES - 1],
        SEALED[:-1],
        SEALED + b"\0",
        SEALED + SEALED[STARTS[3] :],  # the last one twice
        SEALED[: STARTS[1]] + SEALED[STARTS[2] :],  # one left out
        _swapped(0, 1),
        _swapped(1, 2),
        SEALED[: STARTS[1]] + SEALED[STARTS[0] : STARTS[1]] + SEALED[STARTS[2] :],  # one repeated
    ],
    ids=[
        "a segment short", "two short", "a header alone", "half a header", "a byte short", "a byte more", "last twice",
        "one left out", "first two swapped", "others swapped", "one repeated",
    ],
)  # fmt: skip
async def test_what_is_cut_moved_or_repeated_is_damaged(changed: bytes) -> None:
    with pytest.raises(DamagedError):
        unseal(changed, KEY, NAME)
    if len(changed) >= HEADER_BYTES:
        with pytest.raises(DamagedError):
            await opened(changed, 70_000)


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(place: int, change: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= change
    with pytest.raises(DamagedError):
        unseal(bytes(changed), KEY, NAME)


def test_another_name_or_key_opens_nothing() -> None:
    for key, name in ((KEY, "sessions/a/1/video"), (DataKey.new(), NAME), (DataKey(KEY.id, bytes(32)), NAME)):
        with pytest.raises(DamagedError):
            unseal(SEALED, key, name)


def test_segments_of_two_objects_do_not_mix() -> None:
    other = seal(CONTENT, KEY, NAME)
    with pytest.raises(DamagedError):
        unseal(SEALED[: STARTS[2]] + other[STARTS[2] :], KEY, NAME)


def test_single_segments_are_opened() -> None:
    cipher = Cipher(KEY, NAME, SEALED[:HEADER_BYTES])
    assert cipher.open(SEALED[STARTS[1] : STARTS[3]], 1, False) == CONTENT[SEGMENT_BYTES : 3 * SEGMENT_BYTES]
    assert cipher.open(SEALED[STARTS[3] :], 3, True) == CONTENT[3 * SEGMENT_BYTES :]
    with pytest.raises(DamagedError):
        cipher.open(SEALED[STARTS[1] : STARTS[2]], 1, True)


@pytest.mark.parametrize("size", [0, HEADER_BYTES, HEADER_BYTES + 15, HEADER_BYTES + SEALED_SEGMENT_BYTES + 15])
def test_sizes_that_no_object_has(size: int) -> None:
    with pytest.raises(DamagedError):
        plain_size(size)


def test_a_key_shows_its_secret_to_nobody() -> None:
    assert repr(KEY.secret) not in repr(KEY)
    for wrong in ((b"x", bytes(32)), (bytes(16), bytes(31))):
        with pytest.raises(ValueError, match="32"):
            DataKey(*wrong)
