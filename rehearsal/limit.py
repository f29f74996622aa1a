"""The orchestration's own limit: services that answer at once, so that only the system around them works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from interview_client import NewAnswer
from local.ports import SERVICES
from rehearsal.callers import QUESTION, Callers, steady_rate
from rehearsal.clip import write_clip
from rehearsal.cluster import Cluster, Layout, cluster
from rehearsal.counters import Counters, counters, ended_sessions, history_events
from rehearsal.plans import OTHERS
from rehearsal.tables import table

SESSIONS, WARM_UP = 100, 6
OPEN_SESSIONS = 24
CLIP_S = 2.0
POLL_S = 5.0


@dataclass(frozen=True, slots=True)
class Limit:
    """What one session of one answer costs, and how many a second this machine brings to their end."""

    sessions: int
    lost: int
    sessions_a_second: float
    statements: Mapping[str, float]
    rows: Mapping[str, float]
    requests: Mapping[str, float]
    history_events: Mapping[str, float]
    cpu_s: Mapping[str, float]


def measure(folder: Path, say: Callable[[str], None]) -> Limit:
    """Run many short sessions through everything that is real but the models. Raises StartError."""
    replicas = dict.fromkeys((*SERVICES, "orchestrator", "gateway"), 1) | {"worker": 2}
    settings = {f"{name.upper()}_MAX_CONCURRENT": "0" for name in SERVICES}
    say("Starting PostgreSQL, SeaweedFS, Temporal and every service ...")
    with cluster(folder, Layout(replicas, _command, settings, counted=True)) as system:
        clip = write_clip(folder / "clip.mp4", CLIP_S)
        _run(system, clip, WARM_UP, "Warm")
        before, events = counters(system), history_events(system.temporal_address)
        say(f"{SESSIONS} sessions of one answer, {OPEN_SESSIONS} at a time ...")
        lost = _run(system, clip, SESSIONS, "Limit")
        after = counters(system)
        ends = ended_sessions(system.database_url)[WARM_UP:]
        new = history_events(system.temporal_address)
        new.subtract(events)
        return _limit(before, after, new, steady_rate(ends), lost)


def limit_text(found: Limit) -> str:
    """The measurement's tables."""
    sums = [
        ("sessions a second", found.sessions_a_second),
        ("sessions lost", found.lost),
        ("SQL statements a session", sum(found.statements.values())),
        ("rows inserted a session", sum(n for name, n in found.rows.items() if name.endswith("inserted"))),
        ("rows updated a session", sum(n for name, n in found.rows.items() if name.endswith("updated"))),
        ("object store requests a session", sum(found.requests.values())),
        ("workflow history events a session", sum(found.history_events.values())),
        ("CPU seconds a session", sum(found.cpu_s.values())),
    ]
    parts = [table(("what", "measured"), sums)]
    for title, counts in (
        ("CPU seconds a session", found.cpu_s),
        ("SQL statements a session", found.statements),
        ("rows a session", found.rows),
        ("object store requests a session", found.requests),
        ("history events a session", found.history_events),
    ):
        ranked = sorted(counts.items(), key=lambda item: -item[1])
        parts.append(table((title, ""), [(name, count) for name, count in ranked if count >= 0.005]))
    return "\n\n".join(parts)


def _command(name: str) -> tuple[str, ...]:
    return OTHERS.get(name, ("-m", "rehearsal.sleeping", name))


def _run(system: Cluster, clip: Path, count: int, prefix: str) -> int:
    callers = Callers(system.urls, [NewAnswer(clip, QUESTION)], OPEN_SESSIONS, prefix, POLL_S)
    callers.start([1] * count)
    return sum(outcome.lost for outcome in callers.finish())


def _limit(before: Counters, after: Counters, events: Counter[str], rate: float, lost: int) -> Limit:
    return Limit(
        SESSIONS,
        lost,
        rate,
        _each(before.statements, after.statements),
        _each(before.rows, after.rows),
        _each(before.requests, after.requests),
        _each({}, events),
        _each(before.cpu_s, after.cpu_s),
    )


def _each(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: (count - before.get(name, 0)) / SESSIONS for name, count in after.items()}
