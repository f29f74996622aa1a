"""`interview settings`: what an organisation has settled for itself, its secrets and its encryption key."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.table import Table

from interview_client.cli.options import ApiKey, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.models import OrganisationSettings, SecretKind

app = typer.Typer(help="Your organisation's policy, retention, secrets and encryption key.", no_args_is_help=True)
key = typer.Typer(help="The encryption key of your organisation's own.", no_args_is_help=True)
app.add_typer(key, name="key")
Kind = Annotated[SecretKind, typer.Argument(metavar="KIND", help="webhook, deepl or huggingface.")]


@app.command()
def show(url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """What is settled, and which secrets there are, without what they are."""
    with connected(url, api_key) as client:
        _shown(client.organisation_settings())


@app.command()
def change(
    policy: Annotated[str | None, typer.Option(help="Of what names none; '' for the installation's.")] = None,
    retention_days: Annotated[float | None, typer.Option(help="Days that results are kept; 0: the longest.")] = None,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Settle policy or retention; what is not named stays. It counts for jobs and sessions from now on."""
    with connected(url, api_key) as client:
        known = client.organisation_settings()
        days = known.retention_days if retention_days is None else retention_days or None
        _shown(client.change_organisation_settings(known.policy if policy is None else policy, days))


@app.command()
def secret(kind: Kind, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Set or replace a secret: read from standard input or asked for, so that it stands in no shell's history."""
    given = typer.prompt("Secret", hide_input=True) if sys.stdin.isatty() else sys.stdin.read().strip()
    with connected(url, api_key) as client:
        _shown(client.set_secret(kind, given))


@app.command("remove-secret")
def remove_secret(kind: Kind, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Delete a secret: the installation's is used again, if it has one."""
    with connected(url, api_key) as client:
        _shown(client.remove_secret(kind))


@key.command()
def make(
    name: Annotated[str, typer.Option(help="Name of a key in AWS KMS or Vault that is to encrypt it.")] = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Make a key. It covers new sessions at once, and within hours those that are there."""
    with connected(url, api_key) as client:
        _shown(client.make_encryption_key(name))


@key.command()
def delete(
    confirm: Annotated[str, typer.Option(help="Your organisation's id: what the key covers is lost for ever.")],
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Delete the key: whatever it covers can never be read again, wherever there are copies."""
    with connected(url, api_key) as client:
        _shown(client.delete_encryption_key(confirm))


def _shown(found: OrganisationSettings) -> None:
    table = Table("what", "settled", "counts")
    table.add_row("policy", found.policy, found.effective_policy)
    days = "" if found.retention_days is None else f"{found.retention_days:g} days"
    most = f"{found.effective_retention_days:g} days (at most {found.max_retention_days:g})"
    table.add_row("retention", days, most)
    for each in found.secrets:
        before = each.previous_until_time
        also = f"the one before signs until {before.astimezone():%Y-%m-%d %H:%M}" if before else ""
        table.add_row(f"secret: {each.kind}", f"set {each.set_time.astimezone():%Y-%m-%d %H:%M}", also)
    if own := found.encryption_key:
        covered = f"covers {own.covered_sessions} of {found.encrypted_sessions} sessions"
        table.add_row("encryption key", own.name or own.key_id, covered)
    console().print(table)
