"""Processes die in the middle of the work; sessions complete all the same and nothing is done twice."""

from __future__ import annotations

import re
import signal
import sqlite3
from typing import Any

import httpx
import pytest

from interview_client import InterviewClient
from local.system import LocalSystem
from tests.integration.sessions import sample_answer, submit, wait, wait_for_stage
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.model]
DONE_BEFORE_THE_JUDGE = ("prepare", "transcribe", "watch", "listen")


def stage_times(system: LocalSystem, session_id: str) -> dict[str, tuple[str, str]]:
    """When each stage last started and ended; a stage that ran again would have other times."""
    with sqlite3.connect(system.state / "sessions.db") as db:
        rows = db.execute("select name, started_at, ended_at from stages where session_id = ?", (session_id,))
        return {name: (started, ended) for name, started, ended in rows}


def finished_calls(system: LocalSystem, service: str) -> int:
    """Calls of the service that ended well since it started, by its own metrics."""
    port = system.environment[f"{service.upper()}_METRICS_PORT"]
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    counts = re.findall(r'^interview_calls_total\{code="OK".*\} ([\d.]+)', text, re.MULTILINE)
    return int(sum(float(c) for c in counts))


def killed(system: LocalSystem, program: str) -> None:
    """Kill a program with SIGKILL and wait until the supervisor has started it again."""
    old = system.kill(program, signal.SIGKILL)
    wait_until(lambda: system.pid(program) not in (0, old))


def finished(client: InterviewClient, session_id: str) -> dict[str, Any]:
    status = wait(client, session_id)
    assert status["status"] == "completed", status
    block: dict[str, Any] = client.results(session_id)["content"][0]["result"]
    assert all(m["state"] == "completed" for m in block["modalities"].values()), block["modalities"]
    return block


def test_a_killed_worker_goes_on_where_it_stood(system: LocalSystem, client: InterviewClient) -> None:
    before = finished_calls(system, "transcriber")
    session_id = submit(client, [sample_answer(0)])
    wait_for_stage(client, session_id, "evaluate")
    wait_for_stage(client, session_id, "watch", "completed")
    done = {name: stage_times(system, session_id)[name] for name in DONE_BEFORE_THE_JUDGE}
    killed(system, "worker")
    finished(client, session_id)
    after = stage_times(system, session_id)
    assert {name: after[name] for name in DONE_BEFORE_THE_JUDGE} == done
    assert finished_calls(system, "transcriber") == before + 1


def test_a_killed_service_is_called_again(system: LocalSystem, client: InterviewClient) -> None:
    session_id = submit(client, [sample_answer(1)], "id")
    wait_for_stage(client, session_id, "watch")
    killed(system, "vision")
    block = finished(client, session_id)
    assert block["non_verbal_analysis"]["facial_expression_analysis"]["face_detected_percentage"] > 95


def test_a_killed_workflow_engine_loses_nothing(system: LocalSystem, client: InterviewClient) -> None:
    session_id = submit(client, [sample_answer(0)])
    wait_for_stage(client, session_id, "watch")
    killed(system, "temporal")
    finished(client, session_id)


def test_a_session_can_be_cancelled(system: LocalSystem, client: InterviewClient) -> None:
    session_id = submit(client, [sample_answer(1)], "id")
    wait_for_stage(client, session_id, "watch")
    client.cancel(session_id)
    status = wait(client, session_id)
    assert status["status"] == "error"
    assert "ancelled" in status["error"]
    files = [p for p in (system.state / "objects" / "sessions" / session_id).rglob("*") if p.is_file()]
    assert not {p.name for p in files} & {"video", "sound.flac"}
    assert "upload" not in {p.parent.name for p in files}
    system.wait_ready()
    finished(client, submit(client, [sample_answer(0)]))
