"""From measured seconds to replicas: how many of each service so many interviews a day need."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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

MEASURED = (
    Cost("transcriber", media_minute_s=6.4),
    Cost("vision", media_minute_s=9.0),
    Cost("audio", media_minute_s=0.9),
    Cost("judge", media_minute_s=46.6),
    Cost("worker", media_minute_s=1.6, answer_s=0.28, interview_s=0.07),
    Cost("worker's slots", media_minute_s=100.0, at_once=16),
    Cost("temporal", answer_s=0.215, interview_s=0.065),
    Cost("object store", answer_s=0.053, interview_s=0.012),
    Cost("postgresql", answer_s=0.025, interview_s=0.009),
    Cost("orchestrator", answer_s=0.018, interview_s=0.02),
    Cost("gateway", answer_s=0.012, interview_s=0.01),
)
"""Seconds of one core with the embedded models, as `python -m rehearsal real` and `limit` measured them
(docs/scaling.md). A worker's slots are taken by stages that run, for as long as they do: seconds of wall time."""


def replicas(load: Load, cost: Cost) -> int:
    """Replicas that a part needs; at least one. Raises ValueError for a utilisation that is no share."""
    return max(math.ceil(busy(load, cost) / load.utilisation), 1)


def busy(load: Load, cost: Cost) -> float:
    """Replicas that would be busy all the time at the peak: Little's law, arrivals times the time each takes."""
    if not 0 < load.utilisation <= 1:
        raise ValueError("utilisation must be over 0 and at most 1")
    return load.interviews_a_second * interview_s(load, cost) / cost.at_once


def interview_s(load: Load, cost: Cost) -> float:
    """What one interview takes of a part, seconds."""
    return load.answers * (load.minutes_an_answer * cost.media_minute_s + cost.answer_s) + cost.interview_s


def with_seconds(costs: Sequence[Cost], seconds: Mapping[str, float]) -> list[Cost]:
    """The costs, some of them with other seconds a minute of media. Raises ValueError for an unknown part."""
    if unknown := set(seconds) - {cost.part for cost in costs}:
        raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
    return [replace(cost, media_minute_s=seconds.get(cost.part, cost.media_minute_s)) for cost in costs]


def capacity_text(loads: Sequence[Load], costs: Sequence[Cost]) -> str:
    """A table of replicas by part and load."""
    head = ("part", "s an interview", *(f"{load.interviews_a_day:,.0f} a day" for load in loads))
    rows = [(c.part, interview_s(loads[0], c), *(f"{replicas(load, c):,}" for load in loads)) for c in costs]
    return table(head, rows)
