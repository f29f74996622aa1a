"""`interview organisations` and `interview members`: made and kept where the system runs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from interview_client.administration import (
    DEFAULT_TARGET,
    TIMEOUT_S,
    Organisation,
    Target,
    administration,
    named,
    organisations,
)

if TYPE_CHECKING:
    from interview.organisations.v1 import organisations_service_pb2 as pb

app = typer.Typer(help="Organisations, each with its own members, keys, jobs and sessions.", no_args_is_help=True)
members = typer.Typer(help="Who may sign in to an organisation, and what they may do.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The member's e-mail address, or id.")]


class Role(StrEnum):
    """What a member may do."""

    ADMIN = "admin"
    RECRUITER = "recruiter"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


@app.command()
def make(
    organisation_id: Annotated[str, typer.Argument(metavar="ID", help="Lower-case letters, digits and hyphens.")],
    name: Annotated[str, typer.Argument(help="What people call it.")],
    orchestrator: Target = DEFAULT_TARGET,
) -> None:
    """Make an organisation."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with administration(orchestrator) as stub:
        request = pb.CreateOrganisationRequest(organisation_id=organisation_id, name=name)
        stub.CreateOrganisation(request, timeout=TIMEOUT_S)
    typer.echo(f"{name} is there. Now: interview members add EMAIL --role admin --organisation {organisation_id}")


@app.command("list")
def list_organisations(orchestrator: Target = DEFAULT_TARGET) -> None:
    """Every organisation."""
    from interview.administration.v1 import administration_service_pb2 as pb

    with administration(orchestrator) as stub:
        found = stub.ListOrganisations(pb.ListOrganisationsRequest(), timeout=TIMEOUT_S).organisations
    table = Table("id", "name", "made")
    for each in found:
        table.add_row(each.organisation_id, each.name, each.create_time.ToJsonString()[:10])
    Console().print(table)


@members.command()
def add(
    email: Annotated[str, typer.Argument(help="The e-mail address that the sign-in server knows.")],
    role: Annotated[Role, typer.Option(help="What the member may do.")],
    name: Annotated[str, typer.Option(help="What people call the member.")] = "",
    organisation: Organisation = "",
    orchestrator: Target = DEFAULT_TARGET,
) -> None:
    """Add a member."""
    from interview.organisations.v1 import organisations_service_pb2 as pb

    request = pb.AddMemberRequest(email=email, name=name, role=pb.Role.Value(f"ROLE_{role.name}"))
    with organisations(orchestrator) as stub:
        made = stub.AddMember(request, timeout=TIMEOUT_S, metadata=named(organisation)).member
    typer.echo(f"{made.email} may sign in as {role.value}.")


@members.command("list")
def list_members(organisation: Organisation = "", orchestrator: Target = DEFAULT_TARGET) -> None:
    """Every member."""
    table = Table("id", "e-mail", "name", "role", "signed in")
    for member in _members(organisation, orchestrator):
        last = member.sign_in_time.ToJsonString()[:10] if member.HasField("sign_in_time") else ""
        table.add_row(member.member_id, member.email, member.name, _role(member), last)
    Console().print(table)


@members.command()
def role(
    who: Email,
    new: Annotated[Role, typer.Argument(metavar="ROLE", help="What the member may do from now on.")],
    organisation: Organisation = "",
    orchestrator: Target = DEFAULT_TARGET,
) -> None:
    """Give a member another role."""
    from interview.organisations.v1 import organisations_service_pb2 as pb

    found = _member(who, organisation, orchestrator)
    request = pb.ChangeMemberRequest(member_id=found.member_id, role=pb.Role.Value(f"ROLE_{new.name}"))
    with organisations(orchestrator) as stub:
        stub.ChangeMember(request, timeout=TIMEOUT_S, metadata=named(organisation))
    typer.echo(f"{who} is {new.value} now.")


@members.command()
def remove(who: Email, organisation: Organisation = "", orchestrator: Target = DEFAULT_TARGET) -> None:
    """Remove a member; sign-ins end within half a minute."""
    from interview.organisations.v1 import organisations_service_pb2 as pb

    found = _member(who, organisation, orchestrator)
    with organisations(orchestrator) as stub:
        request = pb.RemoveMemberRequest(member_id=found.member_id)
        stub.RemoveMember(request, timeout=TIMEOUT_S, metadata=named(organisation))
    typer.echo(f"{who} is removed.")


def _members(organisation: str, orchestrator: str) -> list[pb.Member]:
    from interview.organisations.v1 import organisations_service_pb2 as pb

    with organisations(orchestrator) as stub:
        request = pb.ListMembersRequest()
        return list(stub.ListMembers(request, timeout=TIMEOUT_S, metadata=named(organisation)).members)


def _member(who: str, organisation: str, orchestrator: str) -> pb.Member:
    for member in _members(organisation, orchestrator):
        if who.strip().lower() in (member.email, member.member_id):
            return member
    raise typer.BadParameter(f"{who} is no member. Look at `interview members list`.")


def _role(member: pb.Member) -> str:
    from interview.organisations.v1 import organisations_service_pb2 as pb

    return pb.Role.Name(member.role).removeprefix("ROLE_").lower()
