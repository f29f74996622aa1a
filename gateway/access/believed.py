"""What is believed for a moment without asking again."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Generic, TypeVar

KEPT_S, MOST_KEPT = 30.0, 1000
"""How long a key, member or link is believed: a revoked one works for so long at most."""

T = TypeVar("T")


class Believed(Generic[T]):
    """What was found of keys, members and links lately, by a name for each."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, name: str) -> T | None:
        """What was found, or None where that is too long ago."""
        kept = self._kept.get(name)
        return kept[1] if kept and time.monotonic() - kept[0] < KEPT_S else None

    def keep(self, name: str, found: T) -> T:
        """Believe this for a while."""
        self._kept[name] = time.monotonic(), found
        self._kept.move_to_end(name)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return found
