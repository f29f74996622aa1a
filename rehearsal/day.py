"""A day of arrivals against a policy of scaling: how long calls wait, and what the replicas cost.

Calls arrive by chance, most around two in the afternoon, wait in one line and go to the replica that is free; a replica
that is asked for serves after its start. What is left out: nodes that must come first, faults, a network.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rehearsal.capacity import DAY_S, Cost, Load, measured, replicas
from rehearsal.tables import table

LOOK_S = 15.0
"""How often scalers look, KEDA's polling and the HorizontalPodAutoscaler's."""

KEPT_LOOKS = 20
"""Replicas go down to the most that was wanted in the last five minutes, one a minute."""

A_DAY = Load(10_000)
BUSIEST_S = 14 * 3600.0


@dataclass(frozen=True, slots=True)
class State:
    """What a scaler sees: calls that wait, calls that run, replicas that serve."""

    waiting: int
    running: int
    serving: int


Policy = Callable[[State], int]
"""How many replicas are wanted."""


def always(replicas: int) -> Policy:
    """A fixed number."""
    return lambda _: replicas


def by_demand(target: int, least: int, most: int) -> Policy:
    """KEDA by calls that wait or run, `target` a replica."""
    return lambda now: min(max(math.ceil((now.waiting + now.running) / target), least), most)


def by_load(share: float, least: int, most: int) -> Policy:
    """A HorizontalPodAutoscaler by CPU: a replica with a call is at 100 %, `share` of it is wanted."""

    def wanted(now: State) -> int:
        load = now.running / now.serving if now.serving else 1.0
        return min(max(math.ceil(max(now.serving, 1) * load / share), least), most)

    return wanted


@dataclass(frozen=True, slots=True)
class Day:
    """How it went; seconds, and hours of replicas from their start to their end."""

    waits_s: tuple[float, ...]
    replica_hours: float
    most_replicas: int

    def wait_s(self, share: float) -> float:
        """What `share` of the calls waited at most."""
        return sorted(self.waits_s)[math.ceil(share * len(self.waits_s)) - 1]


def arrivals_s(load: Load, seed: int) -> list[float]:
    """When interviews come in, seconds of the day; the busiest moment has `load.peak` times the mean."""
    width = _width(load.peak)
    random_ = random.Random(seed)
    most = load.interviews_a_day / DAY_S * load.peak
    found, at = [], 0.0
    while (at := at + random_.expovariate(most)) < DAY_S:
        if random_.random() < math.exp(width * (math.cos(2 * math.pi * (at - BUSIEST_S) / DAY_S) - 1)):
            found.append(at)
    return found


def _width(peak: float) -> float:
    """The von Mises concentration whose highest density is `peak` times the mean, by bisection."""
    low, high = 0.0, 500.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if math.exp(middle) / np.i0(middle) < peak else (low, middle)
    return low


@dataclass
class Line:
    """Replicas behind one line of calls. `ends` holds when each busy replica is free again."""

    call_s: float
    start_s: float
    serving: int
    coming: deque[float] = field(default_factory=deque)
    waiting: deque[float] = field(default_factory=deque)
    ends: list[float] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    replica_s: float = 0.0
    most: int = 0

    @property
    def free(self) -> int:
        """Replicas without a call; under 0 while those that leave finish theirs."""
        return self.serving - len(self.ends)

    def until(self, at: float, before: float) -> None:
        """Let everything happen from `before` to `at`."""
        self.most = max(self.most, self.serving + len(self.coming))
        self.replica_s += (at - before) * (max(self.serving, len(self.ends)) + len(self.coming))
        while moments := [queue[0] for queue in (self.ends, self.coming) if queue and queue[0] <= at]:
            if (now := min(moments)) == (self.ends[0] if self.ends else None):
                heapq.heappop(self.ends)
            else:
                self.coming.popleft()
                self.serving += 1
            self._begin(now)

    def arrive(self, at: float) -> None:
        """A call joins the line."""
        self.waiting.append(at)
        self._begin(at)

    def scale(self, at: float, wanted: int) -> None:
        """Ask for more replicas, or let one go: one that still starts first."""
        there = self.serving + len(self.coming)
        if wanted > there:
            self.coming.extend([at + self.start_s] * (wanted - there))
        elif wanted < there and self.coming:
            self.coming.pop()
        elif wanted < there:
            self.serving -= 1

    def _begin(self, at: float) -> None:
        while self.waiting and self.free > 0:
            self.waits_s.append(at - self.waiting.popleft())
            heapq.heappush(self.ends, at + self.call_s)


def simulate(load: Load, cost: Cost, policy: Policy, start_s: float, seed: int = 1) -> Day:
    """A day of one part that needs `start_s` seconds from being asked for to its first call."""
    call_s = load.minutes_an_answer * cost.media_minute_s + cost.answer_s
    line = Line(call_s, start_s, policy(State(0, 0, 1)))
    looks, before, looked = deque([line.serving], KEPT_LOOKS), 0.0, 0
    for at, comes in _moments(load, seed):
        line.until(at, before)
        before = at
        if comes:
            for _ in range(round(load.answers)):
                line.arrive(at)
            continue
        looks.append(policy(State(len(line.waiting), len(line.ends), line.serving)))
        there, looked = line.serving + len(line.coming), looked + 1
        if looks[-1] > there or (max(looks) < there and looked % 4 == 0):
            line.scale(at, looks[-1] if looks[-1] > there else max(looks))
    return Day(tuple(line.waits_s), line.replica_s / 3600, line.most)


def _moments(load: Load, seed: int) -> Iterator[tuple[float, bool]]:
    """Arrivals (True) and looks of the scaler (False), in order; looks go on for an hour after the day."""
    looks = ((number * LOOK_S, False) for number in range(1, int((DAY_S + 3600) / LOOK_S)))
    yield from heapq.merge(((at, True) for at in arrivals_s(load, seed)), looks)


def day_text(
    load: Load, cost: Cost, start_s: float, policies: Sequence[tuple[str, Policy]], price: float | None = None
) -> str:
    """A row a policy; with the price of a replica hour also what the day costs."""
    rows = []
    for name, policy in policies:
        day = simulate(load, cost, policy, start_s)
        waits = (day.wait_s(0.5), day.wait_s(0.95), day.wait_s(1.0))
        paid = () if price is None else (f"{day.replica_hours * price:,.2f}",)
        rows.append((name, *waits, day.most_replicas, round(day.replica_hours), *paid))
    head = ("policy", "median wait s", "95 % s", "longest s", "most replicas", "replica hours")
    return table((*head, *(() if price is None else ("cost",))), rows)


def typical_text(load: Load, prices: Mapping[str, float] | None = None) -> str:
    """Vision on CPUs and speech on GPUs, each with the policies that its manifest could have.

    `prices`: of a replica hour, by `vision` and `transcriber`. Raises ValueError for any other.
    """
    prices = prices or {}
    if unknown := prices.keys() - {"vision", "transcriber"}:
        raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
    vision, speech = measured("vision", "transcriber on a GPU")
    peak, mean = replicas(load, vision), replicas(replace(load, peak=1.0), vision)
    on_cpus = (
        ("as many as the peak needs", always(peak)),
        ("as many as the mean needs", always(mean)),
        ("by CPU, 60 %, 2 to 40", by_load(0.6, 2, 40)),
        ("by demand, 1 a replica, 2 to 40", by_demand(1, 2, 40)),
        ("by demand, 4 a replica, 2 to 40", by_demand(4, 2, 40)),
    )
    on_gpus = (
        ("as many as the peak needs", always(replicas(load, speech))),
        ("by demand, 12 a replica, 2 to 16", by_demand(12, 2, 16)),
        ("by demand, 12 a replica, 0 to 16", by_demand(12, 0, 16)),
    )
    return "\n\n".join(
        (
            "Vision, 25 s until a replica serves:",
            day_text(load, vision, 25.0, on_cpus, prices.get("vision")),
            "Transcriber on GPUs, 240 s until a replica on a new node serves:",
            day_text(load, speech, 240.0, on_gpus, prices.get("transcriber")),
        )
    )
