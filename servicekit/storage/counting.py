"""Size and hash of what streams by."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator

SMALL_BYTES = 64 << 10
"""Not worth a thread."""


class Counted:
    """Counts and hashes what passes; each large chunk is hashed in a thread while the store writes it."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self.digest, self.size_bytes = hashlib.sha256(), 0
        self._content = content

    async def chunks(self) -> AsyncIterator[bytes]:
        hashing: asyncio.Future[None] | None = None
        async for chunk in self._content:
            if hashing is not None:
                await hashing
            hashing = self._hashed(chunk)
            self.size_bytes += len(chunk)
            yield chunk
        if hashing is not None:
            await hashing

    def _hashed(self, chunk: bytes) -> asyncio.Future[None] | None:
        if len(chunk) < SMALL_BYTES:
            self.digest.update(chunk)
            return None
        return asyncio.get_running_loop().run_in_executor(None, self.digest.update, chunk)
