"""The orchestration's own limit: services that answer at once, so that only the system around them works."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from interview_client import NewAnswer
from local.ports import SERVICES
from rehearsal.callers import QUESTION, Callers
from rehearsal.clip import write_clip
from rehearsal.counters import counters, ended_sessions, history_events
from rehearsal.plans import OTHERS
from rehearsal.servers.cluster import Cluster, Layout, cluster
from rehearsal.tables import table

WARM_UP = 6
RUNS = ((1, 80), (3, 30))
"""Answers of a session, and how many sessions: two sizes tell what a session costs and what each answer adds."""
OPEN_SESSIONS = 24
CLIP_S = 2.0
POLL_S = 5.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a session of so many answers costs, and how many a second this machine brings to their end."""

    answers: int
    sessions: int
    lost: int
    sessions_a_second: float
    statements: Mapping[str, float]
    rows: Mapping[str, float]
    requests: Mapping[str, float]
    history_events: Mapping[str, float]
    cpu_s: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Limits:
    """The runs, sessions of few answers first."""

    runs: tuple[Limit, ...]

    @property
    def lost(self) -> int:
        """Sessions that came to no whole result."""
        return sum(run.lost for run in self.runs)


def measure(folder: Path, say: Say) -> Limits:
    """Run many short sessions through everything that is real but the models. Raises StartError."""
    replicas = dict.fromkeys((*SERVICES, "orchestrator", "gateway"), 1) | {"worker": 2}
    settings = {f"{name.upper()}_MAX_CONCURRENT": "0" for name in SERVICES}
    say("Starting PostgreSQL, SeaweedFS, Temporal and every service ...")
    with cluster(folder, Layout(replicas, _command, settings, counted=True)) as system:
        clip = NewAnswer(write_clip(folder / "clip.mp4", CLIP_S), QUESTION)
        _run(system, clip, 1, WARM_UP, "Warm")
        return Limits(tuple(_measured(system, clip, answers, sessions, say) for answers, sessions in RUNS))


def limit_text(found: Limits) -> str:
    """The measurement's tables: a column a run."""
    parts = [_table("a session of so many answers", [_sums(run) for run in found.runs], found)]
    for title in ("cpu_s", "statements", "rows", "requests", "history_events"):
        counts = [getattr(run, title) for run in found.runs]
        parts.append(_table(TITLES[title], counts, found))
    return "\n\n".join(parts)


TITLES = {
    "cpu_s": "CPU seconds a session",
    "statements": "SQL statements a session",
    "rows": "rows a session",
    "requests": "object store requests a session",
    "history_events": "workflow history events a session",
}


def _sums(run: Limit) -> dict[str, float]:
    return {
        "sessions a second": run.sessions_a_second,
        "sessions lost": run.lost,
        "rows inserted": sum(n for name, n in run.rows.items() if name.endswith("inserted")),
        "rows updated": sum(n for name, n in run.rows.items() if name.endswith("updated")),
    } | {title: sum(getattr(run, name).values()) for name, title in TITLES.items() if name != "rows"}


def _table(title: str, counts: Sequence[Mapping[str, float]], found: Limits) -> str:
    names = sorted(counts[-1], key=lambda name: -counts[-1][name]) if title in TITLES.values() else counts[-1]
    rows = [
        (name, *(float(run[name]) for run in counts)) for name in names if counts[-1][name] >= 0.005 or "lost" in name
    ]
    return table((title, *(f"{run.answers}" for run in found.runs)), rows)


def _command(name: str) -> tuple[str, ...]:
    return OTHERS.get(name, ("-m", "rehearsal.servers.stand_ins", name))


def _run(system: Cluster, clip: NewAnswer, answers: int, sessions: int, prefix: str) -> int:
    callers = Callers(system.urls, [clip], OPEN_SESSIONS, prefix, POLL_S)
    callers.start([answers] * sessions)
    return sum(outcome.lost for outcome in callers.finish())


def _rate(started_at: float, ended_at: Sequence[float]) -> float:
    """Sessions a second from the first one handed in until nine of ten have ended: the last are too few to fill it."""
    count = max(len(ended_at) * 9 // 10, 1)
    return count / (sorted(ended_at)[count - 1] - started_at)


def _measured(system: Cluster, clip: NewAnswer, answers: int, sessions: int, say: Say) -> Limit:
    before, events = counters(system), history_events(system.temporal_address)
    ended = len(ended_sessions(system.database_url))
    say(f"{sessions} sessions with {answers} answers each, {OPEN_SESSIONS} at a time ...")
    started_at = time.time()
    lost = _run(system, clip, answers, sessions, f"Limit {answers}")
    after, new = counters(system), history_events(system.temporal_address)
    new.subtract(events)

    def each(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
        return {name: (count - before.get(name, 0)) / sessions for name, count in after.items()}

    return Limit(
        answers,
        sessions,
        lost,
        _rate(started_at, ended_sessions(system.database_url)[ended:]),
        each(before.statements, after.statements),
        each(before.rows, after.rows),
        each(before.requests, after.requests),
        each({}, new),
        each(before.cpu_s, after.cpu_s),
    )
