"""Messages that no client of ours would send, to every call of every service: refused or answered, never a fault."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from interview.administration.v1 import administration_service_pb2
from interview.audio.v1 import audio_service_pb2
from interview.audit.v1 import audit_service_pb2
from interview.impact.v1 import impact_service_pb2
from interview.jobs.v1 import jobs_service_pb2
from interview.judge.v1 import judge_service_pb2
from interview.letters.v1 import letters_service_pb2
from interview.orchestrator.v1 import orchestrator_service_pb2
from interview.organisations.v1 import organisations_service_pb2
from interview.transcriber.v1 import transcriber_service_pb2
from interview.vault.v1 import vault_service_pb2
from interview.vision.v1 import vision_service_pb2

from orchestrator import api
from orchestrator.api import Orchestrator
from orchestrator.ownership import everybody
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import ApiSettings, DatabaseSettings
from servicekit.errors import from_rpc_error
from servicekit.media import MediaStore
from servicekit.server import Servicer
from servicekit.settings import ServerSettings, StoreSettings
from services.audio.servicer import Servicer as AudioServicer
from services.judge.servicer import Servicer as JudgeServicer
from services.transcriber.servicer import Servicer as TranscriberServicer
from services.transcriber.settings import Settings as TranscriberSettings
from services.vision.servicer import Servicer as VisionServicer
from tests.contract.fakes.audio import FakeAnalyzer
from tests.contract.fakes.judge import FakeChat
from tests.contract.fakes.transcriber import FakeTranscriber
from tests.contract.fakes.vision import FakeVision
from tests.contract.judge.test_judge import panel
from tests.support.media import tone, write_sound
from tests.support.messages import TEXTS, generated
from tests.support.recruiting import NoEngine
from tests.support.rest import closed_port
from tests.support.servers import ON_POSTGRESQL
from tests.support.serving import served
from tests.unit.orchestrator.sessions.test_store import row

MESSAGES = 60
TIMEOUT_S = 30.0
WATCH_TIMEOUT_S = 0.2
SESSIONS = [
    orchestrator_service_pb2.DESCRIPTOR.services_by_name["OrchestratorService"],
    administration_service_pb2.DESCRIPTOR.services_by_name["AdministrationService"],
    jobs_service_pb2.DESCRIPTOR.services_by_name["JobsService"],
    letters_service_pb2.DESCRIPTOR.services_by_name["LettersService"],
    audit_service_pb2.DESCRIPTOR.services_by_name["AuditService"],
    vault_service_pb2.DESCRIPTOR.services_by_name["VaultService"],
    impact_service_pb2.DESCRIPTOR.services_by_name["ImpactService"],
    organisations_service_pb2.DESCRIPTOR.services_by_name["OrganisationsService"],
]
MODELS = {
    "transcriber": transcriber_service_pb2.DESCRIPTOR.services_by_name["TranscriberService"],
    "vision": vision_service_pb2.DESCRIPTOR.services_by_name["VisionService"],
    "audio": audio_service_pb2.DESCRIPTOR.services_by_name["AudioService"],
    "judge": judge_service_pb2.DESCRIPTOR.services_by_name["JudgeService"],
}


async def failures(channel: grpc.aio.Channel, service: ServiceDescriptor, texts: tuple[str, ...]) -> list[str]:
    """What is answered as a fault of ours, by the seed that made the message."""
    found = []
    for method in service.methods:
        for seed in range(MESSAGES):
            request = generated(method.input_type, random.Random(f"{method.full_name} {seed}"), texts)
            if reason := await _fault(channel, service.full_name, method, request):
                found.append(f"{method.name} {seed}: {reason}")
    return found


async def _fault(channel: grpc.aio.Channel, service: str, method: Any, request: Any) -> str:
    path, read = f"/{service}/{method.name}", GetMessageClass(method.output_type).FromString
    timeout_s = WATCH_TIMEOUT_S if method.name == "WatchSession" else TIMEOUT_S
    write = type(request).SerializeToString
    try:
        if method.server_streaming:
            async for _ in channel.unary_stream(path, write, read)(request, timeout=timeout_s):
                pass
        else:
            await channel.unary_unary(path, write, read)(request, timeout=timeout_s)
    except grpc.aio.AioRpcError as error:
        refused = from_rpc_error(error)
        if error.code() == grpc.StatusCode.DEADLINE_EXCEEDED and method.name == "WatchSession":
            return ""  # a session that has not ended is watched on
        if refused.reason == "INTERNAL" or error.code() in (
            grpc.StatusCode.INTERNAL,
            grpc.StatusCode.UNKNOWN,
            grpc.StatusCode.DEADLINE_EXCEEDED,
        ):
            return f"{error.code().name} {refused.reason} {error.details()}"
    return ""


@ON_POSTGRESQL
async def test_no_message_is_a_fault_of_the_orchestrator(
    database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "WorkflowControl", NoEngine)
    monkeypatch.setenv("INTERVIEW_AUDIT_KEY_FILE", str(tmp_path / "audit.key"))
    files = {"object_store": str(tmp_path / "objects"), "database_url": database.database_url.get_secret_value()}
    settings = ApiSettings(judge_target=f"127.0.0.1:{closed_port()}", **files)  # type: ignore[arg-type]
    orchestrator = Orchestrator(settings)
    store = SessionStore(orchestrator._store._engine)
    with everybody():
        await store.create(row())
    texts = (*TEXTS, *[row().id] * len(TEXTS))  # half of what is asked for is there
    async with served(orchestrator, ServerSettings(max_concurrent=0)) as channel:
        for service in SESSIONS:
            assert await failures(channel, service, texts) == []


@asynccontextmanager
async def model_service(name: str, media: MediaStore) -> AsyncIterator[grpc.aio.Channel]:
    servicers: dict[str, Servicer] = {
        "transcriber": TranscriberServicer(FakeTranscriber(), media, TranscriberSettings(port=0)),
        "vision": VisionServicer(FakeVision(), media),
        "audio": AudioServicer(FakeAnalyzer(), media),
        "judge": JudgeServicer(panel(FakeChat())),
    }
    async with served(servicers[name], ServerSettings(max_concurrent=0)) as channel:
        yield channel


@pytest.mark.parametrize("name", MODELS)
async def test_no_message_is_a_fault_of_a_service(name: str, tmp_path: Path) -> None:
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    sound = await media.write_file("sound.wav", write_sound(tmp_path / "sound.wav", tone(0.3)))
    texts = (*TEXTS, *[sound.uri] * len(TEXTS))
    async with model_service(name, media) as channel:
        assert await failures(channel, MODELS[name], texts) == []


def test_every_service_is_tried() -> None:
    protos = Path(__file__).resolve().parents[2] / "protos" / "interview"
    with_service = {path.parents[1].name for path in protos.rglob("*_service.proto")}
    assert with_service == {
        *MODELS,
        "orchestrator",
        "administration",
        "jobs",
        "letters",
        "audit",
        "vault",
        "impact",
        "organisations",
    }
