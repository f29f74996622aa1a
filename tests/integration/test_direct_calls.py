"""Internal services call gRPC directly: reflection, health and the documented example against every service."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from local.system import LocalSystem
from tests.integration.sessions import ROOT, SAMPLE

pytestmark = [pytest.mark.slow, pytest.mark.model]
SERVICES = {
    "transcriber": "interview.transcriber.v1.TranscriberService",
    "vision": "interview.vision.v1.VisionService",
    "audio": "interview.audio.v1.AudioService",
    "judge": "interview.judge.v1.JudgeService",
    "orchestrator": "interview.orchestrator.v1.OrchestratorService",
}


@pytest.mark.parametrize("name", SERVICES)
def test_health_and_reflection(system: LocalSystem, name: str) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{getattr(system.ports, name)}") as channel:
        for service in ("", SERVICES[name]):
            reply = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service))
            assert reply.status == health_pb2.HealthCheckResponse.SERVING
        database = ProtoReflectionDescriptorDatabase(channel)
        assert SERVICES[name] in database.get_services()
        described = database.FindFileContainingSymbol(SERVICES[name])
        assert isinstance(described, FileDescriptorProto)
        assert described.service[0].method


def documented_example() -> str:
    blocks: list[str] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "grpc.md").read_text(), re.DOTALL)
    return next(block for block in blocks if "grpc" in block)


def test_the_documented_example_runs(system: LocalSystem, tmp_path: Path) -> None:
    objects = system.state / "objects"
    video = objects / "direct" / "answer.mp4"
    video.parent.mkdir(exist_ok=True)
    video.write_bytes((SAMPLE / "answer_en.mp4").read_bytes())
    code = documented_example().replace("/path/to/.state/objects", str(objects))
    for name in ("transcriber", "vision", "audio", "judge"):
        code = code.replace(
            f"127.0.0.1:{system.ports.__class__().__getattribute__(name)}", f"127.0.0.1:{getattr(system.ports, name)}"
        )
    script = tmp_path / "example.py"
    script.write_text(code)
    environment = {k: v for k, v in system.environment.items() if not k.lower().endswith("_proxy")}
    command = [sys.executable, str(script)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in ("payment service", "speakers 1", "faces 100 %", "score "):
        assert line in done.stdout
