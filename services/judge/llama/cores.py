"""How many CPU cores are free: a second thread on a core that others use makes both wait for each other."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

STAT, QUOTA = Path("/proc/stat"), Path("/sys/fs/cgroup/cpu.max")
LOOK_S = 0.1
"""How long the machine is watched when nothing is known of the last seconds."""

FRESH_S = 2.0


@dataclass(frozen=True, slots=True)
class _Sample:
    at_s: float
    busy_s: float
    own_s: float


class Cores:
    """Counts free cores from what the machine's CPUs did, less what this process did itself."""

    def __init__(self, fixed: int = 0) -> None:
        """`fixed` over 0: always that many."""
        self._fixed = fixed
        self._sample = _sample()

    def free(self) -> int:
        """Threads to compute with now, at least 1; takes up to a tenth of a second."""
        if self._fixed:
            return self._fixed
        if time.monotonic() - self._sample.at_s > FRESH_S:
            self._sample = _sample()
            time.sleep(LOOK_S)
        before, self._sample = self._sample, _sample()
        elapsed = max(self._sample.at_s - before.at_s, LOOK_S / 10)
        others = (self._sample.busy_s - before.busy_s - (self._sample.own_s - before.own_s)) / elapsed
        return max(1, min(allowed(), round((os.cpu_count() or 1) - others)))


def allowed() -> int:
    """Cores that this process may use: its affinity, within the control group's quota."""
    found = len(os.sched_getaffinity(0))
    if QUOTA.is_file():
        quota, period = QUOTA.read_text().split()
        if quota != "max":
            found = min(found, int(quota) // int(period))
    return max(1, found)


def _sample() -> _Sample:
    busy = 0.0
    if STAT.is_file():
        ticks = [int(n) for n in STAT.read_text().split("\n", 1)[0].split()[1:9]]
        # The fourth and fifth are idle time; the eighth was taken by other virtual machines.
        busy = (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
    return _Sample(time.monotonic(), busy, time.process_time())
