"""A circuit breaker: who fails again and again is left alone for a while."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` in a row, for `pause_s` seconds; then one call may try."""

    def __init__(self, failures: int, pause_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start closed."""
        self._limit, self._pause_s, self._clock = failures, pause_s, clock
        self._failures, self._opened_at = 0, 0.0

    @property
    def open_s(self) -> float:
        """Seconds for which nobody should call; 0 when calls may go through."""
        if self._failures < self._limit:
            return 0.0
        return max(self._opened_at + self._pause_s - self._clock(), 0.0)

    def succeeded(self) -> None:
        """Close."""
        self._failures = 0

    def failed(self) -> None:
        """Count; at the limit, open."""
        self._failures += 1
        self._opened_at = self._clock()
