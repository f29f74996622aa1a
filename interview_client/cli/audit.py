"""An auditor's part: take the audit chain and receipts away, and check them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from interview_client.cli.options import ApiKey, SessionId, Target, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.progress import print_line
from interview_client.reading import cleaned
from interview_client.verification import Verdict, check_chain, check_reasons, check_receipt

app = typer.Typer()
chain = typer.Typer(help="Who saw and did what, in a chain that cannot be changed unseen.", no_args_is_help=True)

Source = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="File to check.")]
PublicKey = Annotated[
    str, typer.Option("--public-key", help="Key that must have signed it, in base64; else the one that it names.")
]
KeptHead = Annotated[
    Path | None,
    typer.Option("--head", exists=True, dir_okay=False, help="Signed head that you have kept: `interview audit head`."),
]

GivenReasons = Annotated[
    Path | None,
    typer.Option("--reasons", exists=True, dir_okay=False, help="Reasons to check: `interview audit reasons`."),
]


@chain.command()
def export(file: Target, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Write the whole chain to a file, with its head signed now."""
    with connected(url, api_key) as client:
        client.save_audit_chain(file)
        print_line(console(), f"Audit chain: {file}")


@chain.command()
def head(url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Sign the head of the chain now and print it; keep it elsewhere."""
    with connected(url, api_key) as client:
        typer.echo(json.dumps(client.anchor_audit_chain(), indent=2))


@chain.command()
def reasons(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Print the reasons of a session's decisions, also of a deleted one; `verify --reasons` checks them."""
    with connected(url, api_key) as client:
        typer.echo(json.dumps(client.reasons(session_id), indent=2, ensure_ascii=False))


@chain.command("verify")
def verify_chain(
    file: Source, public_key: PublicKey = "", kept: KeptHead = None, given_reasons: GivenReasons = None
) -> None:
    """Check an exported chain: was an entry changed, removed, moved, or cut off at the end?"""
    before = _json(kept) if kept else None
    with file.open(encoding="utf-8") as lines:
        verdict = check_chain(lines, public_key, before)
    if given_reasons is not None:
        with file.open(encoding="utf-8") as lines:
            verdict.faults += check_reasons(lines, _json(given_reasons).get("reasons", ())).faults
    _told(verdict, f"{verdict.entries} entries are as they were recorded.")


@app.command()
def receipt(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Print the signed receipt of a deleted session."""
    with connected(url, api_key) as client:
        typer.echo(json.dumps(client.receipt(session_id), indent=2))


@app.command()
def verify(file: Source, public_key: PublicKey = "") -> None:
    """Check a receipt of a deletion, without a network."""
    found = _json(file)
    told = f"Session {found.get('session_id')} was deleted at {found.get('deleted_at')}."
    _told(check_receipt(found, public_key), told)


def _told(verdict: Verdict, good: str) -> None:
    for fault in verdict.faults:
        typer.echo(cleaned(fault))
    if verdict.faults:
        raise typer.Exit(1)
    typer.echo(cleaned(f"{good} Signed by {verdict.public_key}."))


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file} holds no JSON object.")
    return found
