"""A body in parts that the object store takes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from starlette.requests import ClientDisconnect

from servicekit.errors import field_invalid

PART_BYTES = 8 << 20
"""How much is kept in memory before it is stored; less only where the connection ends."""


async def blocks(body: AsyncIterator[bytes], most: int) -> AsyncGenerator[bytes]:
    """The body in parts; what came before it broke off is given out, then the error raised. Raises FIELD_INVALID."""
    block, arrived, size = list[bytes](), 0, 0
    broken: ClientDisconnect | None = None
    try:
        async for chunk in body:
            arrived += len(chunk)
            if arrived > most:
                raise field_invalid("body", "goes past the end of the file or the largest that is taken")
            block.append(chunk)
            size += len(chunk)
            if size >= PART_BYTES:
                yield b"".join(block)
                block, size = [], 0
    except ClientDisconnect as error:
        broken = error
    if size:
        yield b"".join(block)
    if broken is not None:
        raise broken
