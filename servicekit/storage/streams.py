"""Encrypting and decrypting what streams; a segment or so is held back, since only the end says which is the last.

Not in a thread: a MiB takes about 0.2 ms, and handing it over costs more than that where a machine is busy.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from servicekit.storage.segments import HEADER_BYTES, SEALED_SEGMENT_BYTES, SEGMENT_BYTES, Cipher, DataKey


async def sealed(chunks: AsyncIterator[bytes], key: DataKey, name: str) -> AsyncIterator[bytes]:
    """A stream, encrypted."""
    cipher = Cipher(key, name)
    yield cipher.header
    async for piece in _in_segments(b"", chunks, SEGMENT_BYTES, cipher.seal):
        yield piece


async def opened(held: bytes, chunks: AsyncIterator[bytes], key: DataKey, name: str) -> AsyncIterator[bytes]:
    """The reverse: `held` is the beginning, with the header, `chunks` what follows. Raises DamagedError."""
    cipher = Cipher(key, name, held[:HEADER_BYTES])
    async for piece in _in_segments(held[HEADER_BYTES:], chunks, SEALED_SEGMENT_BYTES, cipher.open):
        if piece:
            yield piece


async def _in_segments(
    held: bytes, chunks: AsyncIterator[bytes], size: int, work: Callable[[memoryview, int, bool], bytes]
) -> AsyncIterator[bytes]:
    """What `work` makes of whole segments of `size` bytes, and at last of the rest, which may be less."""
    number = 0
    while True:
        full = max(0, len(held) - 1) // size  # what is left may be the last
        if full:
            yield work(memoryview(held)[: full * size], number, False)
            held, number = held[full * size :], number + full
        if (chunk := await anext(chunks, None)) is None:
            break
        held = held + chunk if held else bytes(chunk)
    yield work(memoryview(held), number, True)


async def beginning(chunks: AsyncIterator[bytes], size: int) -> tuple[bytes, AsyncIterator[bytes] | None]:
    """The first bytes of a stream, `size` of them or some more, and what follows; None where that is all."""
    held: list[bytes] = []
    length = 0
    async for chunk in chunks:
        held.append(chunk)
        length += len(chunk)
        if length >= size:
            return b"".join(held), chunks
    return b"".join(held), None


async def joined(held: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A stream whose beginning was read already."""
    yield held
    async for chunk in chunks:
        yield chunk
