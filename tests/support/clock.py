"""Time that passes only while work is done: whether a stream shows signs of life does not depend on the machine."""

from __future__ import annotations

import asyncio
import threading
from typing import Any


class WorkClock:
    """A clock for a stream and its model: `work` takes as long as it says, and only waiting lets it pass."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._until_s: float | None = None
        self._over = threading.Event()

    def now_s(self) -> float:
        """Seconds of work so far."""
        return self._now_s

    def work(self, seconds: float) -> None:
        """Keep the model's thread busy for so long."""
        self._over.clear()
        self._until_s = self._now_s + seconds
        self._over.wait()

    async def done(self, step: asyncio.Future[Any], within_s: float) -> bool:
        """As `Clock.done`."""
        while not step.done() and self._until_s is None:
            await asyncio.wait({step}, timeout=0.001)
        if self._until_s is None:
            return True
        if self._until_s > (due_s := self._now_s + max(0.0, within_s)):
            self._now_s = due_s
            return False
        self._now_s, self._until_s = self._until_s, None
        self._over.set()
        return await self.done(step, due_s - self._now_s)
