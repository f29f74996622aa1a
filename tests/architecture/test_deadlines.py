"""Every call to a service has a deadline: without one, a peer that hangs holds its caller for ever."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health_pb2
from interview.audio.v1 import audio_service_pb2
from interview.judge.v1 import judge_service_pb2
from interview.orchestrator.v1 import orchestrator_service_pb2
from interview.transcriber.v1 import transcriber_service_pb2
from interview.vision.v1 import vision_service_pb2

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = (
    audio_service_pb2, judge_service_pb2, orchestrator_service_pb2, transcriber_service_pb2, vision_service_pb2,
    health_pb2,
)  # fmt: skip
WITHOUT = {"WatchSession"}
"""A session may take hours; keepalive notices a peer that is gone."""
WITHIN = {"_administration"}
"""Calls inside one process, of the contract before to the one that took its place."""


def method_names() -> set[str]:
    services: list[ServiceDescriptor] = [s for c in CONTRACTS for s in c.DESCRIPTOR.services_by_name.values()]
    return {method.name for service in services for method in service.methods}


def calls() -> Iterator[tuple[str, str, set[str | None]]]:
    """Where a method of a contract is called, its name, and the names of the arguments."""
    names = method_names()
    for folder in ("orchestrator", "gateway", "interview_client", "local", "services", "servicekit"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
                    if isinstance(node.func.value, ast.Attribute) and node.func.value.attr in WITHIN:
                        continue
                    yield f"{path.name}:{node.lineno}", node.func.attr, {keyword.arg for keyword in node.keywords}


def test_every_call_has_a_deadline() -> None:
    found = list(calls())
    assert {"Transcribe", "Analyze", "Evaluate", "CreateSession", "Check"} <= {name for _, name, _ in found}
    assert [place for place, name, given in found if "timeout" not in given and name not in WITHOUT] == []
