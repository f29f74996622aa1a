"""Rights: by the name in a certificate, over real connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
import trustme
from interview.audio.v1 import audio_service_pb2 as pb
from interview.audio.v1.audio_service_pb2_grpc import AudioServiceStub

from servicekit.certificates.rights import Rights
from servicekit.client import open_channel
from servicekit.errors import ServiceError, from_rpc_error
from servicekit.server import Server
from servicekit.settings import ServerSettings, TlsSettings
from tests.unit.servicekit.test_server import Echo
from tests.unit.servicekit.test_tls import write

ANALYZE = "/interview.audio.v1.AudioService/Analyze"


@dataclass
class Caller:
    """Somebody who calls, as the server sees them."""

    address: str
    names: tuple[bytes, ...] = ()
    organisation: str = ""

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return (("interview-organisation", self.organisation),) if self.organisation else ()

    def peer(self) -> str:
        return self.address

    def auth_context(self) -> dict[str, Any]:
        return {"x509_subject_alternative_name": self.names} if self.names else {}


def allowed(rights: Rights, caller: Any, method: str = ANALYZE) -> bool:
    try:
        rights.check(method, caller)
    except ServiceError as error:
        if error.reason != "METHOD_FORBIDDEN":
            raise
        return False
    return True


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("ipv4:127.0.0.1:5000", True),
        ("ipv6:%5B::1%5D:5000", True),
        ("ipv6:[::1]:5000", True),
        ("unix:", True),
        ("ipv4:127.0.0.6:5000", False),  # a service mesh's proxy, with a stranger behind it
        ("ipv4:10.0.0.7:5000", False),
        ("ipv6:%5Bfd00::7%5D:5000", False),
        ("", False),
    ],
)
def test_what_is_guarded_is_for_this_machine(address: str, here: bool) -> None:
    guarded = Rights(guarded=frozenset({ANALYZE}))
    assert allowed(guarded, Caller(address)) is here
    assert allowed(guarded, Caller(address), "/interview.audio.v1.AudioService/Other")
    assert allowed(guarded, Caller(address, (b"worker",))) is here


@pytest.mark.parametrize(
    ("names", "patterns", "may"),
    [
        ((b"worker",), ("AudioService/Analyze",), True),
        ((b"worker",), ("AudioService/*",), True),
        ((b"other", b"worker"), ("AudioService/Analyze",), True),
        ((b"worker",), ("AudioService/Another", "audioservice/analyze"), False),
        ((b"gateway",), ("AudioService/*",), False),
        ((b"WORKER",), ("AudioService/*",), False),
        ((), ("AudioService/*",), False),
    ],
)
def test_a_certificate_may_what_is_granted_to_its_name(
    names: tuple[bytes, ...], patterns: tuple[str, ...], may: bool
) -> None:
    rights = Rights({"worker": patterns})
    assert allowed(rights, Caller("ipv4:127.0.0.1:5000", names)) is may
    assert allowed(Rights({"worker": patterns}, frozenset({ANALYZE})), Caller("ipv4:10.0.0.7:5000", names)) is may


@pytest.mark.parametrize(
    ("pattern", "organisation", "may"),
    [
        ("AudioService/*@acme", "acme", True),
        ("AudioService/*@acme", "bravo", False),
        ("AudioService/*@acme", "", False),
        ("AudioService/*@default", "", True),
        ("AudioService/*@*", "bravo", True),
        ("AudioService/*", "bravo", True),
        ("Other/*@acme", "acme", False),
    ],
)
def test_a_right_may_be_for_one_organisation(pattern: str, organisation: str, may: bool) -> None:
    caller = Caller("ipv4:10.0.0.7:5000", (b"payroll",), organisation)
    assert allowed(Rights({"payroll": (pattern,)}), caller) is may


@asynccontextmanager
async def serving(folder: Path, ca: trustme.CA) -> AsyncIterator[int]:
    fields = write(folder, ca)
    server = Server(Echo(), ServerSettings(**fields, rights={"worker": ("AudioService/Analyze",)}))
    await server.start()
    await server.load()
    yield server.port
    await server.stop(drain_timeout_s=0)


async def told(port: int, tls: TlsSettings) -> str:
    """The reason why a call was refused; empty where it was answered."""
    async with open_channel(f"localhost:{port}", tls) as channel:
        stub: Any = AudioServiceStub(channel)
        try:
            return "" if [r async for r in stub.Analyze(pb.AnalyzeRequest(), timeout=10)] else "nothing"
        except grpc.aio.AioRpcError as error:
            return from_rpc_error(error).reason


async def test_the_name_in_the_certificate_decides(tmp_path: Path) -> None:
    ca = trustme.CA()
    async with serving(tmp_path / "server", ca) as port:
        assert await told(port, TlsSettings(**write(tmp_path / "worker", ca, "worker"))) == ""
        assert await told(port, TlsSettings(**write(tmp_path / "gateway", ca, "gateway"))) == "METHOD_FORBIDDEN"


def test_rights_without_certificates_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="certificates"):
        ServerSettings(rights={"worker": ("*",)})
