"""Mutual TLS over real servers, with certificates that are replaced while everything runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
import trustme
from grpc_health.v1 import health_pb2, health_pb2_grpc
from interview.audio.v1 import audio_service_pb2 as pb
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub
from interview.common.v1.media_pb2 import MediaRef
from prometheus_client import REGISTRY
from pydantic import ValidationError

from local.ports import free_ports
from servicekit.certificates.tls import CertificateFiles
from servicekit.client import open_channel
from servicekit.server import Server
from servicekit.settings import ServerSettings, TlsSettings
from tests.support.waiting import PAUSE_S
from tests.unit.servicekit.test_server import DRAIN_TIMEOUT_S, NOT_SERVING, Echo, health

NAME = "localhost"
TIMEOUT_S = 600.0


def write(folder: Path, ca: trustme.CA, *names: str) -> dict[str, Any]:
    """Certificate, key and CA in files, as settings name them."""
    folder.mkdir(exist_ok=True)
    issued = ca.issue_cert(*(names or (NAME,)))
    files = {"cert": issued.cert_chain_pems[0], "key": issued.private_key_pem, "ca": ca.cert_pem}
    for name, pem in files.items():
        pem.write_to_path(str(folder / name))
    return {f"INTERVIEW_TLS_{name.upper()}_FILE": str(folder / name) for name in files}


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@asynccontextmanager
async def serving(fields: dict[str, Any], servicer: Echo | None = None, **more: Any) -> AsyncIterator[Server]:
    server = Server(servicer or Echo(), ServerSettings(**fields, **more))
    await server.start()
    await server.load()
    try:
        yield server
    finally:
        await server.stop(drain_timeout_s=0)


async def received(channel: grpc.aio.Channel, uri: str = "") -> list[pb.AnalyzeResponse]:
    stub: Any = AudioServiceStub(channel)
    request = pb.AnalyzeRequest(media=MediaRef(uri=uri))
    return [message async for message in stub.Analyze(request, timeout=TIMEOUT_S)]


async def refused(channel: grpc.aio.Channel) -> bool:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await received(channel)
    return caught.value.code() == grpc.StatusCode.UNAVAILABLE


def target(server: Server) -> str:
    return f"{NAME}:{server.port}"


async def test_who_has_a_certificate_of_the_same_ca_is_served(tmp_path: Path, ca: trustme.CA) -> None:
    fields = write(tmp_path / "both", ca)
    async with serving(fields) as server, open_channel(target(server), TlsSettings(**fields)) as channel:
        assert await received(channel)


async def test_everyone_else_is_refused(tmp_path: Path, ca: trustme.CA) -> None:
    stranger = TlsSettings(**write(tmp_path / "stranger", trustme.CA()))
    own_ca = {"INTERVIEW_TLS_CA_FILE": str(tmp_path / "own" / "ca")}
    trusting = TlsSettings(**write(tmp_path / "stranger", trustme.CA()) | own_ca)
    async with serving(write(tmp_path / "own", ca)) as server:
        async with open_channel(target(server), TlsSettings()) as plain:
            assert await refused(plain)
        async with open_channel(target(server), stranger) as mistrusting:
            assert await refused(mistrusting)
        async with open_channel(target(server), trusting) as unknown:
            assert await refused(unknown)
        credentials = grpc.ssl_channel_credentials((tmp_path / "own" / "ca").read_bytes())
        async with grpc.aio.secure_channel(target(server), credentials) as anonymous:
            assert await refused(anonymous)


async def test_a_server_with_another_name_is_not_believed(tmp_path: Path, ca: trustme.CA) -> None:
    fields = write(tmp_path / "server", ca, "judge.interview.svc")
    async with serving(fields) as server, open_channel(target(server), TlsSettings(**fields)) as channel:
        assert await refused(channel)


async def test_new_certificates_are_taken_without_a_restart(tmp_path: Path) -> None:
    first, second = trustme.CA(), trustme.CA()
    fields = write(tmp_path / "both", first)
    client = TlsSettings(**fields)
    servicer = Echo()
    async with serving(fields, servicer, max_concurrent=2) as server, open_channel(target(server), client) as channel:
        stub: Any = AudioServiceStub(channel)
        running = stub.Analyze(pb.AnalyzeRequest(media=MediaRef(uri="brief")), timeout=TIMEOUT_S)
        await running.read()
        write(tmp_path / "both", second)  # the same files, as a Kubernetes secret changes them
        assert [message async for message in stub.Analyze(pb.AnalyzeRequest(), timeout=TIMEOUT_S)]
        servicer.let_go.set()
        assert await running.read() == grpc.aio.EOF  # what ran when they changed ran to its end
        old = TlsSettings(**write(tmp_path / "old", first))
        async with open_channel(target(server), old) as outdated:
            assert await refused(outdated)


async def test_a_moment_without_files_changes_nothing(tmp_path: Path, ca: trustme.CA) -> None:
    fields = write(tmp_path / "both", ca)
    async with serving(fields) as server, open_channel(target(server), TlsSettings(**fields)) as channel:
        (tmp_path / "both" / "key").rename(tmp_path / "both" / "key.away")
        assert await received(channel)


async def test_probes_need_no_certificate_and_get_nothing_but_health(tmp_path: Path, ca: trustme.CA) -> None:
    [port] = free_ports(1)
    request = health_pb2.HealthCheckRequest(service=Echo.service_name)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        async with serving(write(tmp_path / "own", ca), health_port=port):
            assert (await stub.Check(request, timeout=TIMEOUT_S)).status == health_pb2.HealthCheckResponse.SERVING
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await received(channel)
            assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.Check(request, timeout=TIMEOUT_S)


async def test_probes_see_that_a_service_drains(tmp_path: Path) -> None:
    [port] = free_ports(1)
    servicer = Echo()
    server = Server(servicer, ServerSettings(health_port=port))
    await server.start()
    await server.load()
    async with (
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as probes,
        open_channel(target(server), TlsSettings()) as channel,
    ):
        stub: Any = AudioServiceStub(channel)
        running = stub.Analyze(pb.AnalyzeRequest(media=MediaRef(uri="brief")), timeout=TIMEOUT_S)
        await running.read()
        draining = asyncio.create_task(server.stop(drain_timeout_s=DRAIN_TIMEOUT_S))
        while await health(probes) != NOT_SERVING:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(PAUSE_S)
        servicer.let_go.set()
        assert await running.read() == grpc.aio.EOF
        await draining


def test_two_files_of_three_are_an_error() -> None:
    fields: dict[str, Any] = {"INTERVIEW_TLS_CERT_FILE": "a", "INTERVIEW_TLS_CA_FILE": "b"}
    with pytest.raises(ValidationError, match="needs INTERVIEW_TLS_KEY_FILE as well"):
        TlsSettings(**fields)


async def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path, ca: trustme.CA) -> None:
    fields = write(tmp_path / "own", ca) | {"INTERVIEW_TLS_KEY_FILE": str(tmp_path / "none")}
    server = Server(Echo(), ServerSettings(**fields))
    with pytest.raises(FileNotFoundError, match="none"):
        await server.start()
    await server.stop(drain_timeout_s=0)
    with pytest.raises(FileNotFoundError, match="none"):
        open_channel("localhost:1", TlsSettings(**fields))


async def test_when_a_certificate_ends_is_a_metric(tmp_path: Path, ca: trustme.CA) -> None:
    ends = datetime(2030, 1, 2, tzinfo=UTC)
    fields = write(tmp_path / "known", ca)
    ca.issue_cert(NAME, not_after=ends).cert_chain_pems[0].write_to_path(fields["INTERVIEW_TLS_CERT_FILE"])
    CertificateFiles(TlsSettings(**fields)).read()
    assert REGISTRY.get_sample_value("interview_certificate_expiry_timestamp_seconds") == ends.timestamp()
