"""Steady work, and whether a process grows over it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from statistics import median

from interview_client import NewAnswer
from rehearsal.callers import Callers, Outcome
from rehearsal.servers.cluster import Cluster
from torture.counts import Count, must_be_none
from torture.personal import NAME
from torture.records import memory_mib

PART = "endurance"
OPEN_SESSIONS = 4
SAMPLE_S = 2.0
MOST_GROWTH = 0.05
JUDGED_FROM_MIN = 20.0
"""In less time processes are still warming up: growth is then shown and not judged."""


def endure(system: Cluster, recordings: Sequence[NewAnswer], minutes: float, say: Callable[[str], None]) -> list[Count]:
    """Hand in sessions one after another for so many minutes."""
    if not minutes:
        return []
    say(f"{minutes:g} minutes of steady work ...")
    samples: list[dict[str, float]] = []
    outcomes: list[Outcome] = []
    deadline, stopped = time.monotonic() + 60 * minutes, threading.Event()

    def sample() -> None:
        while not stopped.wait(SAMPLE_S):
            samples.append(memory_mib(system))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    while time.monotonic() < deadline:
        name = f"{NAME} Endurance {len(outcomes):05}"
        callers = Callers(system.urls, recordings, OPEN_SESSIONS, name)
        callers.start([1] * OPEN_SESSIONS)
        outcomes += callers.finish()
    stopped.set()
    thread.join()
    growth, lost = _growth(samples), [f"{o.name}: {o.state}" for o in outcomes if o.lost]
    large = [f"{name}: {share:.1%}" for name, share in growth.items() if share > MOST_GROWTH]
    what = f"processes that grew by more than {MOST_GROWTH:.0%} after the first quarter"
    judged = must_be_none(PART, what, large) if minutes >= JUDGED_FROM_MIN else Count(PART, what, len(large))
    worst = max(growth, key=lambda name: growth[name], default="")
    return [
        Count(PART, "minutes", minutes),
        Count(PART, "sessions with a whole result", len(outcomes) - len(lost)),
        must_be_none(PART, "sessions without one", lost),
        Count(PART, f"most growth, % ({worst.split()[0] if worst else 'none'})", 100 * growth.get(worst, 0.0)),
        judged,
    ]


def _growth(samples: Sequence[dict[str, float]]) -> dict[str, float]:
    """By how much of itself each process grew from the second quarter to the last one, by medians."""
    quarter = max(1, len(samples) // 4)
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    names = set.intersection(*(set(sample) for sample in samples)) if samples and early else set()
    return {n: median(s[n] for s in late) / median(s[n] for s in early) - 1 for n in sorted(names)}
