from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from interview.audio.v1 import audio_service_pb2 as pb
from interview.audio.v1.audio_service_pb2_grpc import (
    AudioServiceServicer,
    AudioServiceStub,
    add_AudioServiceServicer_to_server,
)
from interview.common.v1.media_pb2 import MediaRef
from interview.common.v1.model_pb2 import Progress
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.judge.v1.judge_service_pb2_grpc import (
    JudgeServiceServicer,
    JudgeServiceStub,
    add_JudgeServiceServicer_to_server,
)

from servicekit.client import open_channel
from servicekit.errors import ServiceError, field_invalid, from_rpc_error, upstream_down
from servicekit.server import Server
from servicekit.settings import ServerSettings, TlsSettings
from tests.support.serving import served

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
DRAIN_TIMEOUT_S = 600.0


class Echo(AudioServiceServicer):
    """Streams one message, then does what the URI says."""

    service_name = pb.DESCRIPTOR.services_by_name["AudioService"].full_name

    def __init__(self) -> None:
        self.loaded = asyncio.Event()
        self.loaded.set()
        self.ended = asyncio.Event()
        self.let_go = asyncio.Event()
        self.closed = False

    def register(self, server: grpc.aio.Server) -> None:
        add_AudioServiceServicer_to_server(self, server)

    async def load(self) -> None:
        await self.loaded.wait()

    async def close(self) -> None:
        self.closed = True

    async def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> AsyncIterator[pb.AnalyzeResponse]:
        try:
            yield pb.AnalyzeResponse(progress=Progress(fraction=0.5, position=Duration(seconds=1)))
            match request.media.uri:
                case "wait":
                    await asyncio.Event().wait()
                case "brief":
                    await self.let_go.wait()
                case "refuse":
                    raise field_invalid("media.uri", "is not liked")
                case "down":
                    raise upstream_down("The store", retry_after_s=1.5)
                case "bug":
                    raise KeyError("a candidate's secret")
        finally:
            self.ended.set()


class SlowJudge(JudgeServiceServicer):
    """Translates until nobody waits for it any more."""

    service_name = judge_pb.DESCRIPTOR.services_by_name["JudgeService"].full_name

    def __init__(self) -> None:
        self.started, self.ended = asyncio.Event(), asyncio.Event()

    def register(self, server: grpc.aio.Server) -> None:
        add_JudgeServiceServicer_to_server(self, server)

    async def load(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def Translate(self, request: judge_pb.TranslateRequest, context: Any) -> judge_pb.TranslateResponse:
        self.started.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()
        return judge_pb.TranslateResponse()

    async def Evaluate(self, request: Any, context: Any) -> Any:
        raise AssertionError

    async def Summarize(self, request: Any, context: Any) -> Any:
        raise AssertionError

    async def ListRubrics(self, request: Any, context: Any) -> Any:
        return judge_pb.ListRubricsResponse()


def call(channel: grpc.aio.Channel, uri: str = "") -> Any:
    stub: Any = AudioServiceStub(channel)
    return stub.Analyze(pb.AnalyzeRequest(media=MediaRef(uri=uri)))


async def failure(channel: grpc.aio.Channel, uri: str = "") -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in call(channel, uri):
            pass
    return from_rpc_error(caught.value)


async def health(channel: grpc.aio.Channel) -> int:
    request = health_pb2.HealthCheckRequest(service=Echo.service_name)
    stub: Any = health_pb2_grpc.HealthStub(channel)
    return int((await stub.Check(request)).status)


async def turned_away(channel: grpc.aio.Channel) -> None:
    """Wait until a service takes no new calls."""
    served = True
    while served:
        try:
            await health(channel)
        except grpc.aio.AioRpcError:
            served = False


async def test_an_error_arrives_with_its_reason_and_details() -> None:
    async with served(Echo()) as channel:
        error = await failure(channel, "refuse")
        assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
        assert error.metadata == {"field": "media.uri"}
        assert not error.retryable
        down = await failure(channel, "down")
        assert (down.reason, down.retry_after_s, down.retryable) == ("UPSTREAM_DOWN", 1.5, True)


async def test_a_bug_leaks_nothing() -> None:
    async with served(Echo()) as channel:
        error = await failure(channel, "bug")
    assert (error.reason, error.message, error.metadata) == ("INTERNAL", "Internal error.", {})


async def test_a_full_service_says_when_to_come_back_and_is_free_again_after_a_cancel() -> None:
    servicer = Echo()
    async with served(servicer, ServerSettings(max_concurrent=1)) as channel:
        running = call(channel, "wait")
        await running.read()
        full = await failure(channel)
        assert (full.code, full.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "CAPACITY")
        assert full.retry_after_s is not None
        running.cancel()
        await servicer.ended.wait()
        assert [m async for m in call(channel)]


async def test_a_full_service_still_tells_what_it_has() -> None:
    servicer = SlowJudge()
    async with served(servicer, ServerSettings(max_concurrent=1)) as channel:
        stub: Any = JudgeServiceStub(channel)
        waiting = asyncio.create_task(_awaited(stub.Translate(judge_pb.TranslateRequest(text="x"))))
        await servicer.started.wait()
        await stub.ListRubrics(judge_pb.ListRubricsRequest())
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.Translate(judge_pb.TranslateRequest(text="y"))
        waiting.cancel()


async def test_cancelling_a_unary_call_reaches_the_service() -> None:
    servicer = SlowJudge()
    server = Server(servicer, ServerSettings())
    await server.start()
    await server.load()
    async with open_channel(f"127.0.0.1:{server.port}", TlsSettings()) as channel:
        stub: Any = JudgeServiceStub(channel)
        waiting = asyncio.create_task(_awaited(stub.Translate(judge_pb.TranslateRequest(text="x"))))
        await servicer.started.wait()
        waiting.cancel()
        await servicer.ended.wait()
    await server.stop(drain_timeout_s=0)


async def _awaited(call: Any) -> Any:
    return await call


async def test_not_serving_while_loading_then_serving_then_closed() -> None:
    servicer = Echo()
    servicer.loaded.clear()
    server = Server(servicer, ServerSettings())
    await server.start()
    loading = asyncio.create_task(server.load())
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        assert await health(channel) == NOT_SERVING
        assert (await failure(channel)).reason == "MODEL_NOT_READY"
        servicer.loaded.set()
        await loading
        assert await health(channel) == SERVING
        assert [m async for m in call(channel)]
    await server.stop(drain_timeout_s=0)
    assert servicer.closed


async def test_reflection_lists_the_service_and_its_messages() -> None:
    async with served(Echo()) as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        requests = [
            reflection_pb2.ServerReflectionRequest(list_services=""),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol=Echo.service_name),
        ]
        listed, described = [reply async for reply in stub.ServerReflectionInfo(iter(requests))]
    names = {service.name for service in listed.list_services_response.service}
    assert {Echo.service_name, "grpc.health.v1.Health"} <= names
    assert pb.DESCRIPTOR.serialized_pb in described.file_descriptor_response.file_descriptor_proto


async def test_a_draining_service_lets_its_call_finish_and_takes_no_other() -> None:
    servicer = Echo()
    server = Server(servicer, ServerSettings())
    await server.start()
    await server.load()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        running = call(channel, "brief")
        await running.read()
        stopping = asyncio.create_task(server.stop(drain_timeout_s=DRAIN_TIMEOUT_S))
        await turned_away(channel)
        servicer.let_go.set()
        assert await running.read() == grpc.aio.EOF
        await stopping
        assert (await failure(channel)).reason == "UPSTREAM_DOWN"
    assert servicer.closed


async def test_a_load_that_fails_leaves_the_service_not_serving() -> None:
    servicer = Echo()

    async def broken() -> None:
        raise RuntimeError("no weights")

    servicer.load = broken  # type: ignore[method-assign]
    server = Server(servicer, ServerSettings())
    await server.start()
    with pytest.raises(RuntimeError, match="no weights"):
        await server.load()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        assert await health(channel) == NOT_SERVING
    await server.stop(drain_timeout_s=0)


async def test_without_a_limit_calls_run_side_by_side() -> None:
    async with served(Echo(), ServerSettings(max_concurrent=0)) as channel:
        calls = [call(channel, "wait") for _ in range(3)]
        assert all([await each.read() for each in calls])
        for each in calls:
            each.cancel()


async def test_a_taken_port_is_an_error() -> None:
    first = Server(Echo(), ServerSettings())
    await first.start()
    second = Server(Echo(), ServerSettings(port=first.port))
    with pytest.raises(RuntimeError):
        await second.start()
    for server in (first, second):
        await server.stop(drain_timeout_s=0)


async def test_nobody_there_is_upstream_down() -> None:
    async with grpc.aio.insecure_channel("127.0.0.1:9") as channel:
        error = await failure(channel)
    assert (error.reason, error.retryable) == ("UPSTREAM_DOWN", True)
