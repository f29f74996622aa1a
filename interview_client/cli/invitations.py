"""`interview invitations`: who is invited to a job, and how far they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from interview_client.cli.options import ApiKey, JobId, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.models import Candidate, Invitation
from interview_client.progress import print_line
from interview_client.reading import cleaned

app = typer.Typer(help="Invitations to a job.", no_args_is_help=True)
PAGE_SIZE, MAILS_AT_ONCE = 200, 50
"""The most that the gateway gives, and mails, at once."""
State = Literal["created", "sent", "opened", "started", "handed_in", "expired", "revoked"]
InvitationId = Annotated[str, typer.Argument(metavar="ID", help="The invitation's id.")]
Days = Annotated[
    int | None, typer.Option("--days", min=1, max=365, help="How many days the links are valid; default: 14.")
]


@app.command("list")
def list_invitations(
    job_id: JobId,
    state: Annotated[State | None, typer.Option("--state", help="Only such.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 200,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """List a job's invitations, newest first."""
    table = Table("Candidate, id", "E-mail", "State", "Ends", box=None, padding=(0, 1, 0, 0))
    with connected(url, api_key) as client:
        for found in islice(client.each_invitation(job_id, state or "", min(limit, PAGE_SIZE)), limit):
            ends = f"{(found.revoke_time or found.expire_time).astimezone():%Y-%m-%d %H:%M}"
            who = Text(f"{cleaned(found.candidate_name)}\n{found.invitation_id}")
            table.add_row(who, Text(cleaned(found.email)), found.state, ends)
    console().print(table)


@app.command()
def add(
    job_id: JobId,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The candidate's name.")],
    email: Annotated[str, typer.Option("--email", help="The candidate's e-mail address.")] = "",
    language: Annotated[str, typer.Option("--language", "-l", help="Language of the link; empty: the job's.")] = "",
    days: Days = None,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Invite one candidate and print the link to pass on."""
    with connected(url, api_key) as client:
        candidate = Candidate(candidate_name=name, email=email, language=language)
        [made] = client.invite(job_id, [candidate], _end(days))
        link = client.invitation_link(job_id, made.invitation_id)
    print_line(Console(stderr=True), f"For {cleaned(name)}, until {link.expire_time.astimezone():%Y-%m-%d %H:%M}:")
    typer.echo(link.url)


@app.command("import")
def import_list(
    job_id: JobId,
    file: Annotated[Path, typer.Argument(metavar="CSV", exists=True, dir_okay=False, help="name, email, language.")],
    check: Annotated[bool, typer.Option("--check", help="Only check the file.")] = False,
    days: Days = None,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Invite everybody in a CSV file, or nobody if a line has an error."""
    with connected(url, api_key) as client:
        found = client.check_candidates(job_id, file.read_text("utf-8-sig", errors="replace"))
        for problem in found.problems:
            print_line(Console(stderr=True), f"Line {problem.line}: {problem.message}")
        if found.problems:
            raise typer.Exit(1)
        if check or not found.candidates:
            print_line(console(), f"{len(found.candidates)} candidates; nobody was invited.")
            return
        print_line(console(), f"Invited {len(client.invite(job_id, found.candidates, _end(days)))} candidates.")


@app.command()
def link(job_id: JobId, invitation_id: InvitationId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Print a candidate's link to pass on."""
    with connected(url, api_key) as client:
        typer.echo(client.invitation_link(job_id, invitation_id).url)


@app.command()
def send(
    job_id: JobId,
    invitation_ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Ids of invitations; empty: all that are not sent yet."),
    ] = None,
    reminder: Annotated[bool, typer.Option("--reminder", help="Send reminders.")] = False,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Mail invitations or reminders, if a mail server is configured."""
    with connected(url, api_key) as client:
        wanted = invitation_ids or [i.invitation_id for i in client.each_invitation(job_id, "created") if i.email]
        mails = [
            mail
            for start in range(0, len(wanted), MAILS_AT_ONCE)
            for mail in client.send_invitations(job_id, wanted[start : start + MAILS_AT_ONCE], reminder)
        ]
    for mail in mails:
        if not mail.sent:
            print_line(Console(stderr=True), f"{mail.invitation_id}: {mail.reason}")
    sent = sum(mail.sent for mail in mails)
    print_line(console(), f"Mailed {sent} of {len(mails)}.")
    if sent < len(mails):
        raise typer.Exit(1)


@app.command()
def prolong(
    job_id: JobId,
    invitation_id: InvitationId,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="Days from now.")] = 7,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Extend the validity of a link."""
    with connected(url, api_key) as client:
        found = client.prolong_invitation(job_id, invitation_id, datetime.now(UTC) + timedelta(days=days))
        _say(found, f"until {found.expire_time.astimezone():%Y-%m-%d %H:%M}")


@app.command()
def revoke(job_id: JobId, invitation_id: InvitationId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Withdraw an invitation; what was submitted stays."""
    with connected(url, api_key) as client:
        _say(client.revoke_invitation(job_id, invitation_id), "withdrawn")


def _say(found: Invitation, what: str) -> None:
    print_line(console(), f"{cleaned(found.candidate_name)}: {what}.")


def _end(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)
