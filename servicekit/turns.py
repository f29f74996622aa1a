"""Taking turns at work that many ask for in the same moment."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from types import TracebackType

MOMENT_S, MOMENTS, LATE_S = 0.005, 5, 0.002
"""A process that sleeps for a few moments and wakes so much later from one is not keeping up: it or its machine has
much to do.
"""


class Turns:
    """One at a time, in the order of asking, and up to `most` while the process keeps up: where processors are free
    and work waits for answers from elsewhere, more at once are sooner done; where they are not, whoever asks for
    something else meanwhile would wait behind all of them.
    """

    def __init__(self, most: int) -> None:
        """Nobody is at it yet."""
        self._most, self._at_it = most, 0
        self._next, self._left = asyncio.Lock(), asyncio.Event()

    async def __aenter__(self) -> None:
        """Wait for one's turn."""
        async with self._next:
            in_time = 0
            while self._at_it and (self._at_it >= self._most or in_time < MOMENTS):
                in_time = in_time + 1 if await self._waited() <= LATE_S else 0
            self._at_it += 1

    async def _waited(self) -> float:
        """Wait for a moment, or until somebody leaves; returns how much longer it was, in seconds."""
        self._left.clear()
        due_s = time.monotonic() + MOMENT_S
        with suppress(TimeoutError):
            async with asyncio.timeout(MOMENT_S):
                await self._left.wait()
        return time.monotonic() - due_s

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the next one go."""
        self._at_it -= 1
        self._left.set()
