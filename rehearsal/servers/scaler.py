"""An autoscaler for processes: reads the metric that KEDA reads and reckons as the HorizontalPodAutoscaler does."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

METRIC = "interview_service_demand"
TOLERANCE = 0.1
"""The HorizontalPodAutoscaler changes nothing while the metric is within this share of its target."""


@dataclass(frozen=True, slots=True)
class ScalingRule:
    """What a ScaledObject says. `target` is calls a replica; a rule with `minimum` 0 scales to zero.

    `stabilization_s`: fewer replicas only when fewer were enough for so long. `cooldown_s`: none only after so long
    without any demand. Seconds both.
    """

    target: float
    minimum: int
    maximum: int
    stabilization_s: float
    cooldown_s: float = 0.0


class Scaler:
    """Decides how many replicas there should be; `clock` gives seconds."""

    def __init__(self, rule: ScalingRule, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet."""
        self._rule, self._clock = rule, clock
        self._recommended: deque[tuple[float, int]] = deque()
        self._busy_at = clock()

    def replicas(self, demand: float, current: int) -> int:
        """How many replicas there should be when `current` exist and `demand` calls wait or run."""
        now = self._clock()
        if demand > 0:
            self._busy_at = now
        elif self._rule.minimum == 0 and now - self._busy_at >= self._rule.cooldown_s:
            self._recommended.clear()
            return 0
        if current == 0:
            return 1 if demand > 0 else 0  # KEDA starts the first; the HorizontalPodAutoscaler does the rest
        return self._stabilized(now, self._bounded(recommended(demand, self._rule.target, current)), current)

    def _bounded(self, wanted: int) -> int:
        return min(max(wanted, self._rule.minimum, 1), self._rule.maximum)

    def _stabilized(self, now: float, wanted: int, current: int) -> int:
        self._recommended.append((now, wanted))
        while now - self._recommended[0][0] > self._rule.stabilization_s:
            self._recommended.popleft()
        most = max(count for _, count in self._recommended)
        return wanted if wanted >= current else min(most, current)


def recommended(demand: float, target: float, current: int) -> int:
    """The HorizontalPodAutoscaler's arithmetic for a metric of type AverageValue: demand over target, rounded up."""
    if abs(demand / (target * current) - 1) <= TOLERANCE:
        return current
    return math.ceil(demand / target)


def demand(text: str, service: str) -> float | None:
    """Demand for a service in a worker's `/metrics`; None before the worker has counted."""
    for family in text_string_to_metric_families(text):
        if family.name == METRIC:
            return next((s.value for s in family.samples if s.labels["service"] == service), None)
    return None


def highest_demand(urls: Iterable[str], service: str) -> float | None:
    """The query's `max` over all workers that answer: each tells the demand of the whole system."""
    found = (demand(text, service) for url in urls if (text := _read(url)))
    return max((value for value in found if value is not None), default=None)


def _read(url: str) -> str:
    try:
        return httpx.get(url, timeout=2, trust_env=False).text
    except httpx.HTTPError:
        return ""  # this worker has just been killed
