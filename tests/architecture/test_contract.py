"""Every field of the contract has somebody who fills it and somebody who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import FieldDescriptor, FileDescriptor
from interview.audio.v1 import audio_service_pb2
from interview.audit.v1 import audit_service_pb2
from interview.common.v1 import media_pb2, model_pb2, time_span_pb2
from interview.impact.v1 import impact_service_pb2
from interview.jobs.v1 import jobs_service_pb2
from interview.judge.v1 import judge_service_pb2
from interview.orchestrator.v1 import orchestrator_service_pb2
from interview.transcriber.v1 import transcriber_service_pb2
from interview.vision.v1 import vision_service_pb2

ROOT = Path(__file__).resolve().parents[2]
CALLERS = ("orchestrator", "gateway", "interview_client", "local")
SIDES: dict[FileDescriptor, tuple[tuple[str, ...], ...]] = {
    transcriber_service_pb2.DESCRIPTOR: (("services/transcriber",), CALLERS),
    vision_service_pb2.DESCRIPTOR: (("services/vision",), CALLERS),
    audio_service_pb2.DESCRIPTOR: (("services/audio",), CALLERS),
    judge_service_pb2.DESCRIPTOR: (("services/judge",), CALLERS),
    orchestrator_service_pb2.DESCRIPTOR: (("orchestrator",), ("gateway", "interview_client", "local")),
    audit_service_pb2.DESCRIPTOR: (("orchestrator",), ("gateway",)),
    impact_service_pb2.DESCRIPTOR: (("orchestrator",), ("gateway",)),
    jobs_service_pb2.DESCRIPTOR: (("orchestrator",), ("gateway",)),
    **{each.DESCRIPTOR: (("servicekit",),) for each in (media_pb2, model_pb2, time_span_pb2)},
}
FOR_DIRECT_CALLERS = {"Still.offset"}
"""What our own callers have no use for, and those who call a service by themselves have."""


def words(folders: tuple[str, ...]) -> set[str]:
    texts = [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert texts
    return {word for text in texts for word in re.findall(r"\w+", text)}


def fields(file: FileDescriptor) -> Iterator[tuple[str, FieldDescriptor]]:
    for message in file.message_types_by_name.values():
        for field in message.fields:
            if not field.GetOptions().deprecated:
                yield f"{message.name}.{field.name}", field


@pytest.mark.parametrize("file", SIDES, ids=lambda file: str(file.name))
def test_both_sides_know_every_field(file: FileDescriptor) -> None:
    sides = [words(folders) for folders in SIDES[file]]
    known = list(fields(file))
    assert known
    unused = {name for name, field in known if not all(field.name in side for side in sides)}
    assert unused <= FOR_DIRECT_CALLERS
