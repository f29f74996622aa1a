"""What is counted from logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.callers import Outcome, steady_rate
from rehearsal.servers.deployment import Replica
from rehearsal.servers.program import Program
from rehearsal.work import ServiceWork, needed_calls, replica_work

LOG = """\
{"port": 1, "timestamp": "2026-01-01T00:00:01.000000Z", "message": "ready"}
{"timestamp": "2026-01-01T00:00:05.500000Z", "message": "work began"}
{"code": "RESOURCE_EXHAUSTED", "reason": "CAPACITY", "timestamp": "2026-01-01T00:00:06Z", "message": "call"}
{"code": "OK", "reason": "", "timestamp": "2026-01-01T00:00:07Z", "message": "call"}
Traceback (most recent call last):
{"timestamp": "2026-01-01T00:00:08.000000Z", "message": "work began"}
{"timestamp": "2026-01-01T00:00:09.000000Z", "message": "work beg"""
READY_AT = 1767225602.0
"""Two seconds into that year, UTC."""


def replica(folder: Path, log: str) -> Replica:
    program = Program("judge-11-0", [], folder, {})
    program.log.write_text(log)
    return Replica("127.0.0.11", program, ready_at=READY_AT)


def test_a_log_tells_calls_refusals_and_the_first_call(tmp_path: Path) -> None:
    found = replica_work(replica(tmp_path, LOG))
    assert (found.calls, found.refused, found.first_call_s) == (2, 1, 3.5)


def test_a_replica_without_calls_has_no_first_one(tmp_path: Path) -> None:
    assert replica_work(replica(tmp_path, "")).first_call_s is None


def test_what_was_begun_beyond_what_was_needed_was_redone(tmp_path: Path) -> None:
    work = ServiceWork("judge", 1, (replica_work(replica(tmp_path, LOG)),))
    assert (work.begun, work.redone, work.refused) == (2, 1, 1)


def test_calls_that_sessions_need() -> None:
    outcomes = [Outcome("a", 1, "completed", 0, 1), Outcome("b", 2, "completed", 0, 1)]
    assert needed_calls("vision", outcomes) == 3
    assert needed_calls("judge", outcomes) == 8


def test_the_rate_leaves_out_start_and_stragglers() -> None:
    ends = [0.0, *(100 + n * 0.5 for n in range(18)), 900.0]
    assert steady_rate(ends) == pytest.approx(2.0)
