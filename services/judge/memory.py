"""What is remembered for a while: the latest, and nothing for longer than said.

It holds candidates' words, so it goes when its time is over, even when nothing is asked any more.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from cachetools import TTLCache

V = TypeVar("V")


class Memory(Generic[V]):
    """The `most` values used last, each for `seconds` after it was kept; 0 remembers nothing."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet. `clock` gives seconds."""
        self._values: TTLCache[str, V] = TTLCache(most, seconds, clock)

    def get(self, key: str) -> V | None:
        """The value, if it is still there."""
        return self._values.get(key)

    def keep(self, key: str, value: V) -> None:
        """Remember a value, or the same one for longer. Needs a running event loop."""
        if self._values.maxsize:
            self._values[key] = value
            asyncio.get_running_loop().call_later(self._values.ttl, self._values.expire)

    def __len__(self) -> int:
        """How many values are held, those whose time is over included until they are gone."""
        return int(self._values.currsize)
