"""What is printed, and written as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rehearsal.queries import queries_text
from rehearsal.scenario import Rehearsal
from rehearsal.tables import table


def rehearsal_text(found: Rehearsal) -> str:
    """The rehearsal's tables."""
    asked = queries_text(found.asked) if found.asked else ""
    parts = (_sessions(found), _work(found), _replicas(found), _throughput(found), asked)
    return "\n\n".join(part for part in parts if part)


def write_json(path: Path, found: object) -> None:
    """Write a dataclass as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(found), indent=2) + "\n")  # type: ignore[call-overload]


def _sessions(found: Rehearsal) -> str:
    waits_s = [o.ended_at - o.submitted_at for o in found.outcomes]
    rows = [
        ("sessions", len(found.outcomes)),
        ("answers", sum(o.answers for o in found.outcomes)),
        ("sessions lost", found.lost),
        ("sessions stored twice", len(found.twice)),
        ("handed in again because a gateway went away", sum(o.tries - 1 for o in found.outcomes)),
        ("seconds from handing in to result, median", median(waits_s)),
        ("seconds from handing in to result, longest", max(waits_s)),
    ]
    lost = [f"LOST {o.name} ({o.session_id}): {o.state}" for o in found.outcomes if o.lost]
    return "\n".join([table(("what", "count"), rows), *lost])


def _work(found: Rehearsal) -> str:
    rows = [(w.service, w.needed, w.begun, w.redone, w.refused) for w in found.work]
    return table(("service", "calls needed", "begun", "redone", "refused as full"), rows)


def _replicas(found: Rehearsal) -> str:
    rows = [
        (r.name, r.calls, "none" if r.first_call_s is None else r.first_call_s) for w in found.work for r in w.replicas
    ]
    return table(("replica", "calls", "first call, s after it was ready"), rows)


def _throughput(found: Rehearsal) -> str:
    rows = [
        (t.replicas, t.sessions, t.answers_a_minute, t.ideal_a_minute, 100 * t.answers_a_minute / t.ideal_a_minute,
         t.refused)
        for t in found.throughput
    ]  # fmt: skip
    head = ("replicas of each", "sessions", "answers a minute", "services alone", "%", "refused as full")
    return table(head, rows) if rows else ""
