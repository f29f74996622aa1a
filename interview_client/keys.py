"""`interview keys`: keys of the gateway, made where the system runs, straight at the orchestrator."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from interview_client.administration import DEFAULT_TARGET, TIMEOUT_S, Organisation, Target, administration, named

app = typer.Typer(help="Keys that programs and people sign in to the gateway with.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What people call it, such as a person or a program.")],
    scope: Annotated[list[str], typer.Option(help="submit, read, review, audit or admin; several times for several.")],
    expires_days: Annotated[int, typer.Option(help="Days until it ends by itself; 0: never.")] = 0,
    organisation: Organisation = "",
    orchestrator: Target = DEFAULT_TARGET,
) -> None:
    """Make a key and print it, once: only its hash is kept."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with administration(orchestrator) as stub:
        request = pb.CreateApiKeyRequest(name=name, scopes=scope, expire_days=expires_days)
        made = stub.CreateApiKey(request, timeout=TIMEOUT_S, metadata=named(organisation))
    typer.echo(made.secret)
    typer.echo(f"Key {made.key.key_id} of {name}. Keep it: it is not shown again.", err=True)


@app.command("list")
def list_keys(organisation: Organisation = "", orchestrator: Target = DEFAULT_TARGET) -> None:
    """Every key of the organisation, without its secret."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with administration(orchestrator) as stub:
        keys = stub.ListApiKeys(pb.ListApiKeysRequest(), timeout=TIMEOUT_S, metadata=named(organisation)).keys
    table = Table("id", "name", "scopes", "made", "ends")
    for key in keys:
        ends = key.revoke_time if key.HasField("revoke_time") else key.expire_time
        known = key.HasField("revoke_time") or key.HasField("expire_time")
        made = key.create_time.ToJsonString()[:10]
        table.add_row(key.key_id, key.name, " ".join(key.scopes), made, ends.ToJsonString()[:10] if known else "")
    Console().print(table)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id.")],
    organisation: Organisation = "",
    orchestrator: Target = DEFAULT_TARGET,
) -> None:
    """End a key; gateways notice within half a minute."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with administration(orchestrator) as stub:
        stub.RevokeApiKey(pb.RevokeApiKeyRequest(key_id=key_id), timeout=TIMEOUT_S, metadata=named(organisation))
    typer.echo(f"Key {key_id} is revoked.")
