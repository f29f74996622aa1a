"""`interview keys`: keys of the gateway, made where the system runs, straight at the orchestrator."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import grpc
    from interview.administration.v1.administration_service_pb2_grpc import AdministrationServiceStub

app = typer.Typer(help="Keys that programs and people sign in to the gateway with.", no_args_is_help=True)
TIMEOUT_S = 10.0
Target = Annotated[
    str, typer.Option("--orchestrator", envvar="INTERVIEW_ORCHESTRATOR", help="gRPC address of the orchestrator.")
]
DEFAULT_TARGET = "127.0.0.1:50055"


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What people call it, such as a person or a program.")],
    scope: Annotated[list[str], typer.Option(help="submit, read, review or admin; several times for several.")],
    expires_days: Annotated[int, typer.Option(help="Days until it ends by itself; 0: never.")] = 0,
    orchestrator: Target = DEFAULT_TARGET,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with _orchestrator(orchestrator) as stub:
        request = pb.CreateApiKeyRequest(name=name, scopes=scope, expire_days=expires_days)
        made = stub.CreateApiKey(request, timeout=TIMEOUT_S)
    typer.echo(made.secret)
    typer.echo(f"Key {made.key.key_id} of {name}. Keep it: it is not shown again.", err=True)


@app.command("list")
def list_keys(orchestrator: Target = DEFAULT_TARGET) -> None:
    """Every key, without its secret."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with _orchestrator(orchestrator) as stub:
        keys = stub.ListApiKeys(pb.ListApiKeysRequest(), timeout=TIMEOUT_S).keys
    table = Table("id", "name", "scopes", "made", "ends")
    for key in keys:
        ends = key.revoke_time if key.HasField("revoke_time") else key.expire_time
        known = key.HasField("revoke_time") or key.HasField("expire_time")
        made = key.create_time.ToJsonString()[:10]
        table.add_row(key.key_id, key.name, " ".join(key.scopes), made, ends.ToJsonString()[:10] if known else "")
    Console().print(table)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id.")], orchestrator: Target = DEFAULT_TARGET
) -> None:
    """End a key; gateways notice within half a minute."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with _orchestrator(orchestrator) as stub:
        stub.RevokeApiKey(pb.RevokeApiKeyRequest(key_id=key_id), timeout=TIMEOUT_S)
    typer.echo(f"Key {key_id} is revoked.")


@contextmanager
def _orchestrator(target: str) -> Iterator[AdministrationServiceStub]:
    """The orchestrator's administration; its errors end the command with their message."""
    try:
        import grpc
        from interview.administration.v1.administration_service_pb2_grpc import AdministrationServiceStub
    except ModuleNotFoundError:
        raise typer.BadParameter("Keys are made where the system is installed, not with the client alone.") from None
    with _channel(target) as channel:
        try:
            yield AdministrationServiceStub(channel)
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
