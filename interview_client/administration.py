"""Calls straight at the orchestrator, where the system runs: administration, and one organisation's members."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import grpc
    from interview.administration.v1.administration_service_pb2_grpc import AdministrationServiceStub
    from interview.organisations.v1.organisations_service_pb2_grpc import OrganisationsServiceStub

TIMEOUT_S = 10.0
Target = Annotated[
    str, typer.Option("--orchestrator", envvar="INTERVIEW_ORCHESTRATOR", help="gRPC address of the orchestrator.")
]
DEFAULT_TARGET = "127.0.0.1:50055"
Organisation = Annotated[
    str,
    typer.Option("--organisation", envvar="INTERVIEW_ORGANISATION", help="Id of the organisation; empty: the default."),
]


def named(organisation: str) -> tuple[tuple[str, str], ...]:
    """The metadata of a call for an organisation (empty: the default one)."""
    return (("interview-organisation", organisation),) if organisation else ()


@contextmanager
def administration(target: str) -> Iterator[AdministrationServiceStub]:
    """The orchestrator's administration; its errors end the command with their message."""
    with _connected(target) as channel:
        from interview.administration.v1.administration_service_pb2_grpc import AdministrationServiceStub

        yield AdministrationServiceStub(channel)


@contextmanager
def organisations(target: str) -> Iterator[OrganisationsServiceStub]:
    """The orchestrator's organisations; errors likewise."""
    with _connected(target) as channel:
        from interview.organisations.v1.organisations_service_pb2_grpc import OrganisationsServiceStub

        yield OrganisationsServiceStub(channel)


@contextmanager
def _connected(target: str) -> Iterator[grpc.Channel]:
    try:
        import grpc
        import interview.administration.v1  # noqa: F401 - the contract, which the client alone does not have
    except ModuleNotFoundError:
        message = "This works where the system is installed, not with the client alone."
        raise typer.BadParameter(message) from None
    with _channel(target) as channel:
        try:
            yield channel
        except grpc.RpcError as error:
            typer.echo(f"The orchestrator at {target} says: {error.details()}", err=True)
            raise typer.Exit(1) from None


def _channel(target: str) -> grpc.Channel:
    """With the certificate that the orchestrator's own settings name, where they name one."""
    import grpc

    options = [("grpc.enable_http_proxy", 0)]
    certificate, key, ca = (_content(f"INTERVIEW_TLS_{name}_FILE") for name in ("CERT", "KEY", "CA"))
    if certificate is None:
        return grpc.insecure_channel(target, options=options)
    return grpc.secure_channel(target, grpc.ssl_channel_credentials(ca, key, certificate), options=options)


def _content(variable: str) -> bytes | None:
    path = os.environ.get(variable)
    return Path(path).read_bytes() if path else None
