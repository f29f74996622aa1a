"""From measured seconds to replicas: how many of each service so many interviews a day need."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bench import seconds
from rehearsal.tables import table

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Load:
    """What comes in, and how full replicas may be.

    `peak`: interviews of the busiest time over those of the mean; `utilisation`: share of the time that a replica
    works at the peak, over 0 up to 1. What is left shortens queues and covers replicas that are drained or lost.
    """

    interviews_a_day: float
    answers: float = 5.0
    minutes_an_answer: float = 2.0
    peak: float = 3.0
    utilisation: float = 0.7

    @property
    def interviews_a_second(self) -> float:
        """Interviews that arrive in a second at the peak."""
        return self.peak * self.interviews_a_day / DAY_S


@dataclass(frozen=True, slots=True)
class Cost:
    """What a part of the system takes of one core or one GPU, seconds: a minute of media, an answer, an interview.

    `at_once`: calls that one replica works on at the same time without becoming slower.
    """

    part: str
    media_minute_s: float = 0.0
    answer_s: float = 0.0
    interview_s: float = 0.0
    at_once: int = 1


TYPICAL = Load(1_000)


def measured(*parts: str) -> tuple[Cost, ...]:
    """Costs of these parts from docs/measurements/seconds.json, which says where each figure comes from."""
    rows = seconds.read()
    return tuple(Cost(part, **{key: rows[part][key] for key in FIELDS if key in rows[part]}) for part in parts)


FIELDS = ("media_minute_s", "answer_s", "interview_s", "at_once")
MEASURED = measured(
    *("transcriber", "vision", "audio", "judge", "translation", "worker", "worker's slots"),
    *("temporal", "object store", "postgresql", "orchestrator", "gateway"),
)
"""Everything on CPUs with the embedded models. A worker's slots are taken by stages for as long as they run."""


def replicas(load: Load, cost: Cost) -> int:
    """Replicas that a part needs; at least one. Raises ValueError for a utilisation that is no share."""
    return max(math.ceil(busy(load, cost) / load.utilisation), 1)


def carried(load: Load, cost: Cost, replicas: int) -> int:
    """Interviews a day that so many replicas of a part can take, with the load's peak and utilisation."""
    return math.floor(DAY_S * replicas * cost.at_once * load.utilisation / (load.peak * interview_s(load, cost)))


def busy(load: Load, cost: Cost) -> float:
    """Replicas that would be busy all the time at the peak: Little's law, arrivals times the time each takes."""
    if not 0 < load.utilisation <= 1:
        raise ValueError("utilisation must be over 0 and at most 1")
    return load.interviews_a_second * interview_s(load, cost) / cost.at_once


def interview_s(load: Load, cost: Cost) -> float:
    """What one interview takes of a part, seconds."""
    return load.answers * (load.minutes_an_answer * cost.media_minute_s + cost.answer_s) + cost.interview_s


def with_seconds(costs: Sequence[Cost], own_s: Mapping[str, float]) -> list[Cost]:
    """The costs, some of them with other seconds a minute of media. Raises ValueError for an unknown part."""
    if unknown := set(own_s) - {cost.part for cost in costs}:
        raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
    return [replace(cost, media_minute_s=own_s.get(cost.part, cost.media_minute_s)) for cost in costs]


def capacity_text(loads: Sequence[Load], costs: Sequence[Cost]) -> str:
    """A table of replicas by part and load."""
    head = ("part", "s an interview", *(f"{load.interviews_a_day:,.0f} a day" for load in loads))
    rows = [(c.part, interview_s(loads[0], c), *(f"{replicas(load, c):,}" for load in loads)) for c in costs]
    return table(head, rows)
