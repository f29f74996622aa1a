"""The rehearsal's short form: what it prints is only worth something if it is so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.system import ROOT
from rehearsal.plans import SHORT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's own user may enter as well, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="interview-rehearsed-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def rehearsal(scratch: Path) -> dict[str, Any]:
    report = scratch / "found.json"
    command = [sys.executable, "-m", "rehearsal", "--short", "--json", str(report)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "gen"))), "TMPDIR": str(scratch)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(scratch.iterdir()) == [report]
    assert not [p for p in psutil.process_iter() if _mentions(p, scratch)]
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _mentions(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.environ().get("TMPDIR", "").startswith(str(folder))
    except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def work(rehearsal: dict[str, Any], service: str) -> dict[str, Any]:
    found: dict[str, Any] = next(w for w in rehearsal["work"] if w["service"] == service)
    return found


def test_no_session_is_lost_or_stored_twice(rehearsal: dict[str, Any]) -> None:
    assert [o["state"] for o in rehearsal["outcomes"]] == ["completed"] * SHORT.sessions
    assert rehearsal["twice"] == []


def test_everything_happened_that_was_to_happen(rehearsal: dict[str, Any]) -> None:
    done = " ".join(h["what"] for h in rehearsal["happenings"])
    for what in ("is added", "vision-11-0 is killed", "is drained", "worker", "gateway"):
        assert what in done


def test_every_stage_was_done_and_few_were_done_again(rehearsal: dict[str, Any]) -> None:
    for service in rehearsal["work"]:
        begun = sum(r["calls"] for r in service["replicas"])
        # Killed: one replica with one call, one worker with as many as services take at once.
        assert service["needed"] <= begun <= service["needed"] + 6, service["service"]


def test_a_new_replica_gets_calls(rehearsal: dict[str, Any]) -> None:
    (added,) = [r for r in work(rehearsal, "judge")["replicas"] if r["name"] == rehearsal["added"]]
    assert added["calls"] > 0


@pytest.mark.parametrize("service", ["vision", "audio"])
def test_the_spread_is_not_one_sided(rehearsal: dict[str, Any], service: str) -> None:
    calls = [r["calls"] for r in work(rehearsal, service)["replicas"] if r["name"].endswith(("-0", "-1"))]
    assert len(calls) == SHORT.replicas[service]
    assert min(calls) >= 0.15 * sum(calls)


def test_the_autoscaler_starts_processes_and_takes_them_back(rehearsal: dict[str, Any]) -> None:
    wanted = [s["replicas"] for s in rehearsal["scalings"]]
    assert max(wanted) == SHORT.rule.maximum
    assert wanted[-1] == SHORT.rule.minimum
    assert sum(r["calls"] > 0 for r in work(rehearsal, "transcriber")["replicas"]) >= 1


def test_prometheus_takes_every_expression_and_has_its_data(rehearsal: dict[str, Any]) -> None:
    asked = rehearsal["asked"]
    assert [one for one in asked if one["error"]] == []
    assert [one["where"] for one in asked if not one["series"] and not one["reason"]] == []
    assert {one["where"] for one in asked} >= {"Calls that wait", "alert InterviewDemandNotFalling"}
