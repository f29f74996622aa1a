"""Encrypting and decrypting what streams; a segment or so is held back, since only the end says which is the last."""

from __future__ import annotations

from collections.abc import AsyncIterator

from servicekit.storage.segments import HEADER_BYTES, SEALED_SEGMENT_BYTES, SEGMENT_BYTES, Cipher, DataKey


async def sealed(chunks: AsyncIterator[bytes], key: DataKey, name: str) -> AsyncIterator[bytes]:
    """A stream, encrypted."""
    cipher, number = Cipher(key, name), 0
    ready = cipher.header
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        full = max(0, len(held) - 1) // SEGMENT_BYTES  # what is left may be the last
        if full:
            yield ready + cipher.seal(_taken(held, full * SEGMENT_BYTES), number, False)
            ready, number = b"", number + full
    yield ready + cipher.seal(bytes(held), number, True)


async def opened(held: bytearray, chunks: AsyncIterator[bytes], key: DataKey, name: str) -> AsyncIterator[bytes]:
    """The reverse: `held` is the beginning, with the header, `chunks` what follows. Raises DamagedError."""
    cipher, number = Cipher(key, name, _taken(held, HEADER_BYTES)), 0
    while True:
        full = max(0, len(held) - 1) // SEALED_SEGMENT_BYTES
        if full:
            yield cipher.open(_taken(held, full * SEALED_SEGMENT_BYTES), number, False)
            number += full
        if (chunk := await anext(chunks, None)) is None:
            break
        held += chunk
    if rest := cipher.open(bytes(held), number, True):
        yield rest


def _taken(held: bytearray, count: int) -> bytes:
    found = bytes(held[:count])
    del held[:count]
    return found
