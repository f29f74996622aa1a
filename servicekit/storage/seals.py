"""Between the object store and those who use it: what has a key is encrypted on its way in and decrypted on its way
out; what has none passes as it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager

from servicekit.errors import media_corrupt
from servicekit.storage import streams
from servicekit.storage.keys import DataKeys, folder_of, key_missing
from servicekit.storage.segments import (
    HEADER_BYTES,
    MAGIC,
    SEALED_SEGMENT_BYTES,
    SEGMENT_BYTES,
    Cipher,
    DamagedError,
    DataKey,
    key_id,
    plain_size,
)
from servicekit.telemetry import metrics


class Seals:
    """Finds keys by the names of objects."""

    def __init__(self, keys: DataKeys | None) -> None:
        """Without `keys`, only callers' own are used."""
        self._keys = keys

    async def find(self, name: str, fresh: bool = False) -> DataKey | None:
        """The key of an object."""
        folder = folder_of(name)
        return await self._keys.find(folder, fresh) if self._keys and folder else None

    async def to_write(self, name: str) -> DataKey | None:
        """The key of an object that is written."""
        folder = folder_of(name)
        return await self._keys.to_write(folder) if self._keys and folder else None

    async def key_of(self, folder: str) -> DataKey | None:
        """The key of a folder."""
        return await self._keys.find(folder, fresh=True) if self._keys else None

    async def make(self, folder: str) -> None:
        """Give a folder a key unless it has one."""
        if self._keys:
            await self._keys.make(folder)

    async def destroy(self, folder: str) -> None:
        """Delete the key of a folder."""
        if self._keys:
            await self._keys.destroy(folder)

    async def opened(
        self, chunks: AsyncIterator[bytes], name: str, uri: str, given: DataKey | None = None
    ) -> AsyncIterator[bytes]:
        """An object as it was written, with the key that is `given` or found. Raises KEY_MISSING, MEDIA_CORRUPT."""
        held = b""
        async for chunk in chunks:
            held = held + chunk if held else chunk
            if len(held) >= HEADER_BYTES:
                break
        key = await self._key(held[:HEADER_BYTES], name, uri, given)
        if key is None:
            yield held
            async for chunk in chunks:
                yield chunk
            return
        with damaged(uri):
            async for chunk in streams.opened(held, chunks, key, name):
                yield chunk

    async def cipher(self, header: bytes, name: str, uri: str) -> Cipher | None:
        """What opens the segments of an object with this header; None: there are none. Raises as `opened`."""
        key = await self._key(header, name, uri, None)
        return None if key is None else Cipher(key, name, header)

    async def sizes(self, found: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Names and sizes as they are in the store, with the sizes of what is inside. Raises MEDIA_CORRUPT."""
        known: dict[str, bool] = {}
        sizes = []
        for name, size in found:
            folder = folder_of(name)
            if folder not in known:
                known[folder] = await self.find(name) is not None
            with damaged(name):
                sizes.append((name, plain_size(size) if known[folder] else size))
        return sizes

    async def _key(self, header: bytes, name: str, uri: str, given: DataKey | None) -> DataKey | None:
        """The key that opens an object; None for one that is not encrypted and need not be."""
        key = given or await self.find(name)
        if key is None and not header.startswith(MAGIC):
            return None
        with damaged(uri):
            wanted = key_id(header)  # without a header somebody has put it in the place of one that was encrypted
        if not _fits(key, wanted) and given is None:
            key = await self.find(name, fresh=True)  # a session that was deleted, and submitted again
        if key is None or not _fits(key, wanted):
            raise key_missing(uri)
        return key


def segments(start: int, length: int) -> tuple[int, int, int]:
    """For bytes `start` to `start + length` of the content: the first segment, the place in the stored object where it
    begins, and how many bytes to read from there to the end of the last one (the object may end before).
    """
    first, last = start // SEGMENT_BYTES, (start + max(length, 1) - 1) // SEGMENT_BYTES
    return first, HEADER_BYTES + first * SEALED_SEGMENT_BYTES, (last - first + 1) * SEALED_SEGMENT_BYTES


def cut(cipher: Cipher, sealed: bytes, first: int, ends: bool, start: int, length: int, uri: str) -> bytes:
    """Bytes `start` to `start + length` of the content from the segments `sealed`, which begin with number `first`; the
    object `ends` with them. Raises MEDIA_CORRUPT.
    """
    with damaged(uri):
        opened = cipher.open(sealed, first, ends)
    begin = start - first * SEGMENT_BYTES
    return opened[begin : begin + length]


@contextmanager
def damaged(uri: str) -> Iterator[None]:
    """What cannot be opened is MEDIA_CORRUPT."""
    try:
        yield
    except DamagedError:
        metrics.UNREADABLE.labels("MEDIA_CORRUPT").inc()
        raise media_corrupt(uri) from None


def _fits(key: DataKey | None, wanted: bytes) -> bool:
    return key is not None and key.id in (b"", wanted)
