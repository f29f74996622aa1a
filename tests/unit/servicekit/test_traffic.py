"""Calls over several replicas: spread, retried, drained."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from interview.audio.v1 import audio_service_pb2 as pb
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from interview.common.v1.media_pb2 import MediaRef
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.judge.v1.judge_service_pb2_grpc import JudgeServiceStub

from servicekit.client import open_channel
from servicekit.errors import from_rpc_error, upstream_down
from servicekit.server import Server
from servicekit.settings import ServerSettings, TlsSettings
from tests.unit.servicekit.test_server import DRAIN_TIMEOUT_S, Echo, SlowJudge, turned_away

TIMEOUT_S = 600.0


class Replica(Echo):
    """Counts its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    async def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> AsyncIterator[pb.AnalyzeResponse]:
        self.calls += 1
        if request.media.uri == "down at once":
            raise upstream_down("The store")
        async for response in super().Analyze(request, context):
            yield response


@asynccontextmanager
async def replicas(count: int) -> AsyncIterator[tuple[list[Replica], list[Server], Any]]:
    """Servers behind one channel, as behind the name of a headless Service, and a stub."""
    servicers = [Replica() for _ in range(count)]
    servers = [Server(servicer, ServerSettings(max_concurrent=0)) for servicer in servicers]
    for server in servers:
        await server.start()
        await server.load()
    addresses = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    async with open_channel(f"ipv4:{addresses}", TlsSettings()) as channel:
        yield servicers, servers, AudioServiceStub(channel)
    for server in servers:
        await server.stop(drain_timeout_s=0)


async def received(stub: Any, uri: str = "") -> list[pb.AnalyzeResponse]:
    request = pb.AnalyzeRequest(media=MediaRef(uri=uri))
    return [message async for message in stub.Analyze(request, timeout=TIMEOUT_S)]


async def until_both_are_used(servicers: list[Replica], stub: Any) -> None:
    while not all(servicer.calls for servicer in servicers):
        await received(stub)


async def test_calls_are_spread_evenly() -> None:
    async with replicas(3) as (servicers, _, stub):
        await until_both_are_used(servicers, stub)
        before = [servicer.calls for servicer in servicers]
        for _ in range(30):
            await received(stub)
        assert [after.calls - b for after, b in zip(servicers, before, strict=True)] == [10, 10, 10]


async def test_a_call_that_delivered_something_is_not_played_again() -> None:
    async with replicas(2) as (servicers, _, stub):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await received(stub, "down")
        assert caught.value.code() == grpc.StatusCode.UNAVAILABLE
        assert sum(servicer.calls for servicer in servicers) == 1


async def test_a_call_that_delivered_nothing_is_tried_four_times() -> None:
    async with replicas(2) as (servicers, _, stub):
        with pytest.raises(grpc.aio.AioRpcError):
            await received(stub, "down at once")
        assert sum(servicer.calls for servicer in servicers) == 4


@pytest.mark.parametrize("uri", ["refuse", "bug"])
async def test_other_failures_are_not_tried_again(uri: str) -> None:
    async with replicas(2) as (servicers, _, stub):
        with pytest.raises(grpc.aio.AioRpcError):
            await received(stub, uri)
        assert sum(servicer.calls for servicer in servicers) == 1


async def test_a_replica_that_drains_finishes_its_calls_and_the_others_take_the_new_ones() -> None:
    async with replicas(2) as (servicers, servers, stub):
        await until_both_are_used(servicers, stub)
        running = [stub.Analyze(pb.AnalyzeRequest(media=MediaRef(uri="brief")), timeout=TIMEOUT_S) for _ in range(2)]
        for call in running:
            await call.read()  # one on each replica
        before = servicers[0].calls
        draining = asyncio.create_task(servers[0].stop(drain_timeout_s=DRAIN_TIMEOUT_S))
        async with grpc.aio.insecure_channel(f"127.0.0.1:{servers[0].port}") as leaving:
            await turned_away(leaving)
        for _ in range(20):
            assert await received(stub)
        for servicer in servicers:
            servicer.let_go.set()
        for call in running:
            assert await call.read() == grpc.aio.EOF
        await draining
        assert servicers[0].calls == before
        for _ in range(5):
            assert await received(stub)


async def test_a_call_that_the_drain_cut_is_worth_another_try() -> None:
    async with replicas(2) as (servicers, servers, stub):
        await until_both_are_used(servicers, stub)
        running = [stub.Analyze(pb.AnalyzeRequest(media=MediaRef(uri="wait")), timeout=TIMEOUT_S) for _ in range(2)]
        for call in running:
            await call.read()
        await servers[0].stop(drain_timeout_s=0.2)
        ends = [asyncio.ensure_future(call.code()) for call in running]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        [cut] = [call for call, end in zip(running, ends, strict=True) if end.done()]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await cut.read()
        error = from_rpc_error(caught.value)
        assert (error.code, error.retryable) == (grpc.StatusCode.UNAVAILABLE, True)
        for call, end in zip(running, ends, strict=True):
            call.cancel()
            await end


async def test_a_plain_call_that_the_drain_cut_is_played_again_elsewhere() -> None:
    judges = [SlowJudge(), SlowJudge()]
    servers = [Server(judge, ServerSettings()) for judge in judges]
    for server in servers:
        await server.start()
        await server.load()
    addresses = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    async with open_channel(f"ipv4:{addresses}", TlsSettings()) as channel:
        stub: Any = JudgeServiceStub(channel)
        waiting = asyncio.ensure_future(stub.Translate(judge_pb.TranslateRequest(text="x"), timeout=TIMEOUT_S))
        started = [asyncio.create_task(judge.started.wait()) for judge in judges]
        await asyncio.wait(started, return_when=asyncio.FIRST_COMPLETED)
        first = 0 if judges[0].started.is_set() else 1
        await servers[first].stop(drain_timeout_s=0)
        await judges[1 - first].started.wait()
        waiting.cancel()
        for task in started:
            task.cancel()
    await servers[1 - first].stop(drain_timeout_s=0)
