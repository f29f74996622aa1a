"""Connecting to Temporal over TLS: against a server that shows and asks for certificates as a cluster's does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import trustme
from pydantic import ValidationError
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    CountWorkflowExecutionsResponse,
    GetSystemInfoRequest,
    GetSystemInfoResponse,
)

from orchestrator import temporal
from orchestrator.settings import TemporalSettings
from orchestrator.temporal import connect, tls_config, watch
from servicekit.telemetry import metrics
from tests.support.waiting import until

SERVER_NAME = "temporal.example.org"


class Frontend:
    """Answers what a client asks when it connects, and remembers how it signed in."""

    def __init__(self) -> None:
        self.authorizations: list[object] = []
        self.away = False

    async def count(self, _: CountWorkflowExecutionsRequest, context: Any) -> CountWorkflowExecutionsResponse:
        self.authorizations.append(dict(context.invocation_metadata()).get("authorization"))
        return CountWorkflowExecutionsResponse()

    async def info(self, _: GetSystemInfoRequest, context: Any) -> GetSystemInfoResponse:
        if self.away:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the database is away")
        return GetSystemInfoResponse()

    def handlers(self) -> grpc.GenericRpcHandler:
        return grpc.method_handlers_generic_handler(
            "temporal.api.workflowservice.v1.WorkflowService",
            {
                "GetSystemInfo": _handler(self.info, GetSystemInfoRequest),
                "CountWorkflowExecutions": _handler(self.count, CountWorkflowExecutionsRequest),
            },
        )


def _handler(method: Any, request: Any) -> Any:
    return grpc.unary_unary_rpc_method_handler(method, request.FromString, lambda answer: answer.SerializeToString())


@asynccontextmanager
async def frontend(ca: trustme.CA, with_client_certificates: bool) -> AsyncIterator[tuple[Frontend, str]]:
    """A server over TLS and its address, by an IP address that its certificate does not carry."""
    issued, answering = ca.issue_cert(SERVER_NAME), Frontend()
    pair = (issued.private_key_pem.bytes(), issued.cert_chain_pems[0].bytes())
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([answering.handlers()])
    credentials = grpc.ssl_server_credentials([pair], ca.cert_pem.bytes(), with_client_certificates)
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    yield answering, f"127.0.0.1:{port}"
    await server.stop(None)


def settings(folder: Path, ca: trustme.CA, address: str = "", **more: str) -> TemporalSettings:
    """With every file that TLS can have."""
    issued = ca.issue_cert("worker.example.org")
    pems = {"CA": ca.cert_pem, "CERT": issued.cert_chain_pems[0], "KEY": issued.private_key_pem}
    fields: dict[str, Any] = {"INTERVIEW_TEMPORAL_ADDRESS": address} | more
    for name, pem in pems.items():
        pem.write_to_path(str(folder / name))
        fields[f"INTERVIEW_TEMPORAL_TLS_{name}_FILE"] = str(folder / name)
    return TemporalSettings(**fields, INTERVIEW_TEMPORAL_TLS_SERVER_NAME=SERVER_NAME)


def test_without_any_setting_there_is_no_tls() -> None:
    assert tls_config(TemporalSettings()) is None


@pytest.mark.parametrize(
    "fields",
    [{"INTERVIEW_TEMPORAL_TLS": "true"}, {"INTERVIEW_TEMPORAL_API_KEY": "secret"}],
    ids=lambda f: next(iter(f)),
)
def test_the_systems_cas_are_trusted_where_none_is_named(fields: dict[str, Any]) -> None:
    found = tls_config(TemporalSettings(**fields))
    assert found is not None
    assert (found.server_root_ca_cert, found.client_cert, found.domain) == (None, None, None)


def test_the_files_are_read(tmp_path: Path) -> None:
    ca = trustme.CA()
    found = tls_config(settings(tmp_path, ca))
    assert found is not None
    assert (found.server_root_ca_cert, found.domain) == (ca.cert_pem.bytes(), SERVER_NAME)
    assert found.client_cert == (tmp_path / "CERT").read_bytes()
    assert found.client_private_key == (tmp_path / "KEY").read_bytes()
    with pytest.raises(FileNotFoundError, match="none"):
        tls_config(TemporalSettings(INTERVIEW_TEMPORAL_TLS_CA_FILE=str(tmp_path / "none")))


def test_a_certificate_needs_its_key() -> None:
    with pytest.raises(ValidationError, match="go together"):
        TemporalSettings(INTERVIEW_TEMPORAL_TLS_CERT_FILE="a")


async def test_a_client_shows_its_certificate_and_its_key(tmp_path: Path) -> None:
    ca = trustme.CA()
    async with frontend(ca, with_client_certificates=True) as (answering, address):
        wanted = settings(tmp_path, ca, address, INTERVIEW_TEMPORAL_API_KEY="a-key")
        client = await connect(wanted)
        assert client.namespace == "default"
        assert answering.authorizations == ["Bearer a-key"]


@pytest.mark.parametrize("wrong", ["INTERVIEW_TEMPORAL_TLS_CA_FILE", "INTERVIEW_TEMPORAL_TLS_SERVER_NAME", "no tls"])
async def test_a_server_that_cannot_prove_its_name_is_waited_for_and_logged(
    tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ca, other = trustme.CA(), trustme.CA()
    async with frontend(ca, with_client_certificates=False) as (answering, address):
        right = settings(tmp_path, ca, address)
        other.cert_pem.write_to_path(str(tmp_path / "other"))
        changed = {
            "INTERVIEW_TEMPORAL_TLS_CA_FILE": right.model_copy(
                update={"temporal_tls_ca_file": str(tmp_path / "other")}
            ),
            "INTERVIEW_TEMPORAL_TLS_SERVER_NAME": right.model_copy(update={"temporal_tls_server_name": "other.org"}),
            "no tls": TemporalSettings(INTERVIEW_TEMPORAL_ADDRESS=address),
        }[wrong]
        connecting = asyncio.create_task(connect(changed))
        await until(lambda: connecting.done() or "waiting for temporal" in capsys.readouterr().out)
        assert not connecting.done()
        connecting.cancel()
        assert answering.authorizations == []


async def test_there_is_no_work_while_temporal_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporal, "WATCH_S", 0.01)
    ca = trustme.CA()
    async with frontend(ca, with_client_certificates=True) as (answering, address):
        watching = asyncio.create_task(watch(await connect(settings(tmp_path, ca, address))))
        for away in (False, True, False):
            answering.away = away
            await until(metrics.is_ready if not away else lambda: not metrics.is_ready())
        watching.cancel()
    metrics.READY.set(0)
