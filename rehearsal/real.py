"""The same system with its real models, on the sample interview: seconds, CPU and throughput."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from interview_client import InterviewClient, NewAnswer
from local.ports import SERVICES
from local.system import ROOT
from rehearsal.callers import Callers, Outcome
from rehearsal.plans import OTHERS
from rehearsal.servers.cluster import Cluster, Layout, cluster
from rehearsal.tables import table
from servicekit.decoding import probe

SAMPLE = ROOT / "sample" / "interview.json"
POLL_S = 5.0
PARTS = (*SERVICES, *OTHERS)


@dataclass(frozen=True, slots=True)
class RealRun:
    """What sessions of the sample interview took; `minutes` of media in all, seconds of wall time."""

    replicas: int
    sessions: int
    lost: int
    minutes: float
    wall_s: float
    stage_s_a_minute: Mapping[str, float]
    """Mean time of each stage by the results' own timing, waiting for a busy service not included."""
    cpu_s_a_minute: Mapping[str, float]
    """CPU of each part, models included, loading not."""


def run_real(folder: Path, replicas: int, sessions: int, say: Callable[[str], None]) -> RealRun:
    """Assess the sample interview so many times at once. Raises StartError, also when weights are missing."""
    counts = dict.fromkeys(SERVICES, replicas) | {"orchestrator": 2, "worker": 2, "gateway": 2}
    say("Starting everything, models are loading ...")
    with cluster(folder, Layout(counts, lambda name: OTHERS.get(name, ("-m", f"services.{name}")))) as system:
        recordings = _sample()
        before = _cpu_s(system)
        say(f"{sessions} sessions of the sample interview at once, {replicas} of each service ...")
        callers = Callers(system.urls, recordings, sessions, "Real", POLL_S)
        callers.start([len(recordings)] * sessions)
        outcomes = callers.finish()
        minutes = sessions * sum(probe(r.path).duration_s for r in recordings) / 60
        cpu_s = {name: (after - before[name]) / minutes for name, after in _cpu_s(system).items()}
        wall_s = max(o.ended_at for o in outcomes) - min(o.submitted_at for o in outcomes)
        stages = _stage_seconds(system, outcomes, minutes)
        return RealRun(replicas, sessions, sum(o.lost for o in outcomes), minutes, wall_s, stages, cpu_s)


def real_text(found: RealRun) -> str:
    """The run's tables."""
    sums = [
        ("sessions", found.sessions),
        ("sessions lost", found.lost),
        ("minutes of media", found.minutes),
        ("seconds in all", found.wall_s),
        ("media minutes an hour", 3600 * found.minutes / found.wall_s),
    ]
    parts = [table(("what", "measured"), sums)]
    parts.append(table(("stage", "s a media minute"), list(found.stage_s_a_minute.items())))
    parts.append(table(("part", "CPU s a media minute"), list(found.cpu_s_a_minute.items())))
    return "\n\n".join(parts)


def _sample() -> list[NewAnswer]:
    answers = json.loads(SAMPLE.read_text())["answers"]
    return [NewAnswer(SAMPLE.parent / a["file"], a["question"], language=a["language"]) for a in answers]


def _cpu_s(system: Cluster) -> dict[str, float]:
    return {name: sum(r.program.cpu_s() for r in system.deployments[name].replicas) for name in PARTS}


def _stage_seconds(system: Cluster, outcomes: list[Outcome], minutes: float) -> dict[str, float]:
    spent: Counter[str] = Counter()
    with InterviewClient(system.urls()[0]) as client:
        for outcome in outcomes:
            if not outcome.lost:
                for timing in client.results(outcome.session_id)["metadata"]["timing"]:
                    spent.update(timing["seconds"])
    return {name: seconds / minutes for name, seconds in spent.items()}
