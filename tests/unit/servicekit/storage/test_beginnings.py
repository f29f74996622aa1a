"""Streams that are short enough to be stored in one request, and those that are not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import obstore
import pytest

from servicekit.media import PART_BYTES, MediaStore
from servicekit.settings import StoreSettings
from servicekit.storage.streams import beginning, joined
from tests.support.keys import KeysInMemory

FOLDER = f"sessions/{'a' * 32}"
PIECE = b"x" * (1 << 20)


async def pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield PIECE


async def test_a_short_stream_is_all_beginning() -> None:
    assert await beginning(pieces(2), PART_BYTES) == (2 * PIECE, None)
    assert await beginning(pieces(0), PART_BYTES) == (b"", None)


async def test_a_long_stream_loses_nothing() -> None:
    held, rest = await beginning(pieces(7), 2 * len(PIECE))
    assert held == 2 * PIECE
    assert rest is not None
    assert b"".join([chunk async for chunk in joined(held, rest)]) == 7 * PIECE


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 12])
@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_stream_is_stored_as_it_was(
    count: int, encrypted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeysInMemory() if encrypted else None
    store = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path)), keys=keys)
    await store.begin(FOLDER, new=True)
    handed: list[object] = []
    put = obstore.put_async

    async def watched(place: Any, key: str, content: Any, **named: Any) -> object:
        handed.append(content)
        return await put(place, key, content, **named)

    monkeypatch.setattr(obstore, "put_async", watched)
    media = await store.write(f"{FOLDER}/0/video", pieces(count))
    assert media.size_bytes == count * len(PIECE)
    assert await store.read(media.uri) == count * PIECE
    assert isinstance(handed[0], bytes) is (count * len(PIECE) < PART_BYTES)
