"""What the processes of the whole system tell about their work."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from interview_client import InterviewClient
from local.system import LocalSystem
from tests.integration.sessions import sample_answer, submit, wait
from tests.support.collector import Collector, Span

pytestmark = [pytest.mark.slow, pytest.mark.model]
NAME = "Wahyuningtyas"
WAY = {
    "gateway": "POST /upload",
    "interview.orchestrator.v1.OrchestratorService": "/interview.orchestrator.v1.OrchestratorService/CreateSession",
    "worker": "RunActivity:publish",
    "interview.transcriber.v1.TranscriberService": "model transcribe",
    "interview.vision.v1.VisionService": "model watch",
    "interview.audio.v1.AudioService": "model listen",
    "interview.judge.v1.JudgeService": "model evaluate",
}


@pytest.fixture(scope="module")
def session_id(client: InterviewClient) -> str:
    found = submit(client, [sample_answer(0)], name=NAME)
    assert wait(client, found)["status"] == "completed"
    return found


@pytest.fixture(scope="module")
def trace(session_id: str, collector: Collector) -> list[Span]:
    return collector.trace_with({*WAY.values()}, {"temporalWorkflowID": f"session-{session_id}"})


def metric(system: LocalSystem, process: str, name: str, **labels: str) -> float:
    port = system.environment[f"{process}_METRICS_PORT"]
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    samples = (s for family in text_string_to_metric_families(text) for s in family.samples)
    return next((s.value for s in samples if s.name == name and s.labels == labels), 0.0)


def test_one_trace_goes_from_rest_over_the_workflow_to_every_model(trace: list[Span]) -> None:
    assert {span.process: span.name for span in trace if span.name in WAY.values()} == WAY
    by_id = {span.span_id: span for span in trace}
    for model in (span for span in trace if span.name.startswith("model ")):
        way = [model]
        while way[-1].parent_id:
            way.append(by_id[way[-1].parent_id])
        assert way[-1].process == "gateway"
        assert "worker" in {span.process for span in way}


def test_models_are_named_with_versions_and_what_they_worked_through(trace: list[Span]) -> None:
    work = {s.name: s.attributes for s in trace if s.name.startswith("model ")}
    assert "whisper" in work["model transcribe"]["interview.model.names"][0]
    assert all(each for a in work.values() for each in a["interview.model.versions"])
    assert work["model watch"]["interview.media.duration_s"] > 5


def test_traces_hold_nothing_of_the_candidate(trace: list[Span], collector: Collector) -> None:
    assert trace
    assert NAME.encode() not in collector.raw


def test_stages_and_sessions_are_counted(session_id: str, system: LocalSystem) -> None:
    assert metric(system, "WORKER", "interview_ready") == 1
    assert metric(system, "WORKER", "interview_sessions_total", state="completed") >= 1
    assert metric(system, "WORKER", "interview_session_seconds_count") >= 1
    assert metric(system, "WORKER", "interview_stage_seconds_count", stage="watch", outcome="completed") >= 1
    assert metric(system, "WORKER", "interview_stage_wait_seconds_count", stage="evaluate") >= 1
    assert metric(system, "TRANSCRIBER", "interview_media_seconds_total", service="transcriber") > 5
    assert metric(system, "TRANSCRIBER", "interview_model_load_seconds") > 0
