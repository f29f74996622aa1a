"""One trace from a REST request to the models, over real gRPC servers; and what must not be in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from interview.audio.v1 import audio_service_pb2 as audio_pb
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceStub
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from interview.transcriber.v1 import transcriber_service_pb2 as transcriber_pb
from interview.transcriber.v1.transcriber_service_pb2_grpc import TranscriberServiceStub
from interview.vision.v1 import vision_service_pb2 as vision_pb
from interview.vision.v1.vision_service_pb2_grpc import VisionServiceStub
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from gateway.app import create_app
from gateway.orchestrator import Sessions
from gateway.settings import GatewaySettings
from servicekit.client import open_channel
from servicekit.media import Media, MediaStore
from servicekit.server import Server, Servicer
from servicekit.settings import ServerSettings, TlsSettings
from servicekit.telemetry.tracing import RedactingExporter
from servicekit.wire import media_message
from services.audio.servicer import Servicer as AudioServicer
from services.judge.chat.evaluator import ChatEvaluator
from services.judge.chat.translation import ChatTranslator
from services.judge.memory import Memory
from services.judge.panel import Panel
from services.judge.rules import Rules
from services.judge.servicer import Servicer as JudgeServicer
from services.judge.settings import Settings as JudgeSettings
from services.transcriber.servicer import Servicer as TranscriberServicer
from services.transcriber.settings import Settings as TranscriberSettings
from services.vision.servicer import Servicer as VisionServicer
from tests.contract.fakes.audio import FakeAnalyzer
from tests.contract.fakes.judge import FakeChat
from tests.contract.fakes.transcriber import FakeTranscriber
from tests.contract.fakes.vision import FakeVision
from tests.support.gateway import ScriptedOrchestrator
from tests.support.media import write_video

SESSION = "5" * 32
ANSWER = "First I look where the time goes, then I profile the request and fix what is slow."
SECONDS = 2.0
MODELS = {"model transcribe", "model watch", "model listen", "model translate", "model evaluate"}


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    memory, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(RedactingExporter(memory)))
    trace.set_tracer_provider(provider)
    yield memory
    provider.shutdown()


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


@asynccontextmanager
async def channel_to(servicer: Servicer) -> AsyncIterator[grpc.aio.Channel]:
    server = Server(servicer, ServerSettings())
    await server.start()
    await server.load()
    async with open_channel(f"127.0.0.1:{server.port}", TlsSettings()) as channel:
        yield channel
    await server.stop(drain_timeout_s=0)


class Assessing(ScriptedOrchestrator):
    """Asks every service when a session is looked at, as a worker would, but within the call."""

    def __init__(self, channels: list[grpc.aio.Channel], media: Media) -> None:
        super().__init__()
        transcriber, vision, audio, judge = channels
        self._transcriber: Any = TranscriberServiceStub(transcriber)
        self._vision: Any = VisionServiceStub(vision)
        self._audio: Any = AudioServiceStub(audio)
        self._judge: Any = JudgeServiceStub(judge)
        self._media = media_message(media)
        self.put(pb.Session(session_id=SESSION, candidate_name="Siti", state=pb.SESSION_STATE_RUNNING))

    async def GetSession(self, request: pb.GetSessionRequest, context: Any) -> pb.GetSessionResponse:
        session = self._found(request.session_id)
        for call in (
            self._transcriber.Transcribe(transcriber_pb.TranscribeRequest(media=self._media)),
            self._vision.Analyze(vision_pb.AnalyzeRequest(media=self._media)),
            self._audio.Analyze(audio_pb.AnalyzeRequest(media=self._media)),
        ):
            assert [message async for message in call]
        await self._judge.Translate(
            judge_pb.TranslateRequest(text=ANSWER, source_language_code="en", target_language_code="id")
        )
        await self._judge.Evaluate(judge_pb.EvaluateRequest(question="How?", answer=ANSWER, language_code="en"))
        return pb.GetSessionResponse(session=session)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = GatewaySettings.model_validate({"object_store": str(tmp_path / "objects")})
    store, chat = MediaStore(settings), FakeChat()
    media = await store.write_file("answer", write_video(tmp_path / "answer.mp4", SECONDS, with_audio=True))
    judge = Panel(
        [ChatEvaluator(chat, 1, lambda model: None), Rules()], [ChatTranslator(chat, Memory(0, 0.0))], JudgeSettings()
    )
    services: list[Servicer] = [
        TranscriberServicer(FakeTranscriber(), store, TranscriberSettings()),
        VisionServicer(FakeVision(), store),
        AudioServicer(FakeAnalyzer(), store),
        JudgeServicer(judge),
    ]
    async with AsyncExitStack() as stack:
        channels = [await stack.enter_async_context(channel_to(service)) for service in services]
        channel = await stack.enter_async_context(channel_to(Assessing(channels, media)))
        app = create_app(settings, store, Sessions(channel))
        transport = httpx.ASGITransport(app)
        yield await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1"))


def named(spans: InMemorySpanExporter, name: str) -> ReadableSpan:
    (found,) = (span for span in spans.get_finished_spans() if span.name == name)
    return found


def ancestors(span: ReadableSpan, spans: InMemorySpanExporter) -> Iterator[str]:
    by_id = {s.context.span_id: s for s in spans.get_finished_spans() if s.context is not None}
    while span.parent is not None and span.parent.span_id in by_id:
        span = by_id[span.parent.span_id]
        yield span.name


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_one_trace_goes_from_the_request_to_every_model(
    client: httpx.AsyncClient, spans: InMemorySpanExporter
) -> None:
    assert (await client.get(f"/status/{SESSION}")).status_code == 200
    finished = spans.get_finished_spans()
    assert len({s.context.trace_id for s in finished if s.context}) == 1
    assert {s.name for s in finished} >= MODELS
    for name in MODELS:
        way = list(ancestors(named(spans, name), spans))
        assert way[-1] == "GET /status/{session_id}"
        assert "/interview.orchestrator.v1.OrchestratorService/GetSession" in way
        assert way[0].startswith("/interview.")


async def test_a_model_is_named_with_its_version_and_what_it_worked_through(
    client: httpx.AsyncClient, spans: InMemorySpanExporter
) -> None:
    before = metric("interview_media_seconds_total", service="vision")
    rated = metric("interview_judge_answers_total", task="evaluate", backend="llamacpp")
    await client.get(f"/status/{SESSION}")
    watched = dict(named(spans, "model watch").attributes or {})
    assert watched["interview.model.names"] == ("fake-face",)
    assert watched["interview.model.versions"] == ("1",)
    assert watched["interview.media.duration_s"] == pytest.approx(SECONDS, abs=0.2)
    assert metric("interview_media_seconds_total", service="vision") - before == pytest.approx(SECONDS, abs=0.2)
    assert metric("interview_judge_answers_total", task="evaluate", backend="llamacpp") == rated + 1


async def test_a_callers_trace_goes_on(client: httpx.AsyncClient, spans: InMemorySpanExporter) -> None:
    theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
    await client.get(f"/status/{SESSION}", headers={"traceparent": f"00-{theirs}-00f067aa0ba902b7-01"})
    assert {format(s.context.trace_id, "032x") for s in spans.get_finished_spans() if s.context} == {theirs}


async def test_no_span_holds_anything_of_a_person(client: httpx.AsyncClient, spans: InMemorySpanExporter) -> None:
    await client.get("/v1/sessions?q=siti", headers={"Authorization": "Bearer secret", "User-Agent": "Rina's phone"})
    await client.get(f"/status/{SESSION}")
    told = " ".join(span.to_json() for span in spans.get_finished_spans()).lower()
    assert "/v1/sessions" in told
    assert not [word for word in ("siti", "rina", "secret", "profile the request") if word in told]


async def test_probes_leave_no_trace(client: httpx.AsyncClient, spans: InMemorySpanExporter) -> None:
    assert (await client.get("/readyz")).json()["status"] == "ready"
    assert metric("interview_ready") == 1
    await client.get("/healthz")
    assert not spans.get_finished_spans()


async def test_a_failure_is_marked_with_its_reason(client: httpx.AsyncClient, spans: InMemorySpanExporter) -> None:
    assert (await client.get(f"/status/{'0' * 32}")).status_code == 404
    methods = [s for s in spans.get_finished_spans() if s.kind == trace.SpanKind.SERVER and s.name.startswith("/")]
    assert [dict(s.attributes or {})["error.type"] for s in methods] == ["SESSION_NOT_FOUND"]
    assert dict(named(spans, "GET /status/{session_id}").attributes or {})["http.response.status_code"] == 404


def test_messages_of_exceptions_stay_in_the_process(spans: InMemorySpanExporter) -> None:
    with pytest.raises(KeyError), trace.get_tracer("test").start_as_current_span("work"):
        raise KeyError("Siti Rahma")
    told = named(spans, "work")
    assert "Siti" not in told.to_json()
    assert (told.status.description, told.events) == ("KeyError", ())
    assert not told.status.is_ok
