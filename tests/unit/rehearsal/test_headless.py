"""The DNS server, asked as gRPC asks it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc
import pytest
from dnslib import RCODE, DNSRecord
from grpc_health.v1 import health_pb2, health_pb2_grpc

from local.ports import free_ports
from rehearsal.servers.headless import HOST, HeadlessServices, serving
from servicekit.client import open_channel
from servicekit.settings import TlsSettings
from tests.support.waiting import PAUSE_S

NAME = "audio.interview"


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def services(port: int) -> Iterator[HeadlessServices]:
    made = HeadlessServices(port)
    with serving(made, port):
        yield made


def asked(port: int, name: str, kind: str = "A") -> DNSRecord:
    return DNSRecord.parse(DNSRecord.question(name, kind).send(HOST, port, timeout=600))


def addresses(answer: DNSRecord) -> list[str]:
    return [str(record.rdata) for record in answer.rr]


def test_a_name_has_the_addresses_that_were_published_last(services: HeadlessServices, port: int) -> None:
    services.publish(NAME, ["127.0.0.11", "127.0.0.12"])
    assert addresses(asked(port, NAME)) == ["127.0.0.11", "127.0.0.12"]
    services.publish(NAME, ["127.0.0.12"])
    assert addresses(asked(port, NAME)) == ["127.0.0.12"]
    services.publish(NAME, [])
    assert addresses(asked(port, NAME)) == []


def test_there_are_no_ipv6_addresses_and_no_unknown_names(services: HeadlessServices, port: int) -> None:
    services.publish(NAME, ["127.0.0.11"])
    assert asked(port, NAME, "AAAA").rr == []
    unknown = asked(port, "nobody.interview")
    assert (unknown.rr, unknown.header.rcode) == ([], RCODE.NXDOMAIN)


class Counted(health_pb2_grpc.HealthServicer):  # type: ignore[misc]
    """Counts how often it is asked."""

    calls = 0

    async def Check(self, request: object, context: object) -> health_pb2.HealthCheckResponse:
        self.calls += 1
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)


async def started(address: str) -> tuple[grpc.aio.Server, Counted]:
    server, servicer = grpc.aio.server(), Counted()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_insecure_port(address)
    await server.start()
    return server, servicer


async def check(channel: grpc.aio.Channel, times: int) -> None:
    for _ in range(times):
        await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=600)


async def test_a_channel_spreads_calls_and_finds_a_new_address_when_one_goes(services: HeadlessServices) -> None:
    (port,) = free_ports(1)
    hosts = ("127.0.0.21", "127.0.0.22", "127.0.0.23")
    (first, old), (second, staying), (third, new) = [await started(f"{host}:{port}") for host in hosts]
    services.publish(NAME, hosts[:2])
    async with open_channel(services.target(NAME, port), TlsSettings()) as channel:
        while not (old.calls and staying.calls):  # until both are connected
            await check(channel, 1)
        before = old.calls, staying.calls
        await check(channel, 20)
        assert (old.calls, staying.calls) == (before[0] + 10, before[1] + 10)
        services.publish(NAME, hosts[1:])
        await first.stop(None)
        while not new.calls:
            await check(channel, 1)
            await asyncio.sleep(PAUSE_S)
    for server in (second, third):
        await server.stop(None)
