"""An auditor's part: take the audit chain and receipts away, and check them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from interview_client.cli.options import ApiKey, SessionId, Target, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.measured import measured as found_in
from interview_client.progress import print_line
from interview_client.reading import cleaned
from interview_client.verification import (
    MOST_FAULTS,
    Verdict,
    check_chain,
    check_deletion,
    check_reasons,
    check_receipt,
)

app = typer.Typer()
chain = typer.Typer(help="Who saw and did what, in a chain that cannot be changed unseen.", no_args_is_help=True)

Chain = Annotated[
    Path | None,
    typer.Option("--chain", exists=True, dir_okay=False, help="Exported chain that must have it: `audit export`."),
]
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


@chain.command()
def measured(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Show what a session's policy switched off, which models took part, and that the result has nothing of it."""
    with connected(url, api_key) as client:
        found = found_in(client.results(session_id))
    for line in (*found.lines, *found.faults):
        typer.echo(cleaned(line))
    if found.faults:
        raise typer.Exit(1)
    typer.echo("Not checked: what a service computes and does not tell. docs/auditor.md names the test that counts it.")


@chain.command("verify")
def verify_chain(
    file: Source, public_key: PublicKey = "", kept: KeptHead = None, given_reasons: GivenReasons = None
) -> None:
    """Check an exported chain: was an entry changed, removed, moved, or cut off at the end?"""
    verdict = _chain_verdict(file, public_key, _json(kept) if kept else None)
    if given_reasons is not None:
        with file.open(encoding="utf-8") as lines:
            verdict.faults += check_reasons(lines, _json(given_reasons).get("reasons", ())).faults
    unchecked = (
        (not public_key, "whose key this is (--public-key, of which you have a copy)"),
        (kept is None, "whether the whole chain was made anew with this key (--head, a head that you have kept)"),
        (given_reasons is None, "the words of reasons (--reasons)"),
        (True, "receipts of deletions (interview verify receipt.json --chain)"),
    )
    good = f"{verdict.entries} entries are as they were recorded, under {verdict.heads} signed heads."
    _told(verdict, good, [name for left_out, name in unchecked if left_out])


@app.command()
def receipt(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Print the signed receipt of a deleted session."""
    with connected(url, api_key) as client:
        typer.echo(json.dumps(client.receipt(session_id), indent=2))


@app.command()
def verify(file: Source, public_key: PublicKey = "", chain_file: Chain = None) -> None:
    """Check a receipt of a deletion, without a network: is it as it was signed, and the one that the chain has?"""
    found = _json(file)
    verdict = check_receipt(found, public_key)
    told = f"Session {found.get('session_id')} was deleted at {found.get('deleted_at')}."
    unchecked = ["whether copies outside the system were deleted"]
    if not public_key:
        unchecked.insert(0, "whose key this is (--public-key, of which you have a copy)")
    if chain_file is None:
        unchecked.insert(0, "whether the chain has this receipt (--chain, the exported chain)")
    else:
        told += _against(chain_file, found, public_key, verdict)
    _told(verdict, told, unchecked)


def _against(file: Path, receipt: dict[str, Any], public_key: str, verdict: Verdict) -> str:
    """Compare a receipt with an exported chain: adds to the verdict's faults, and says where it stands."""
    with file.open(encoding="utf-8") as lines:
        found = check_deletion(receipt, lines)
    chained = _chain_verdict(file, public_key, None)
    verdict.faults += [*found.faults, *chained.faults]
    if chained.public_key != verdict.public_key:
        verdict.fault(f"The receipt is signed by another key than the chain, whose key is {chained.public_key}.")
    return f" Entry {found.entries} of the chain has this receipt."


def _chain_verdict(file: Path, public_key: str, kept: dict[str, Any] | None) -> Verdict:
    with file.open(encoding="utf-8") as lines:
        return check_chain(lines, public_key, kept)


def _told(verdict: Verdict, good: str, unchecked: Sequence[str]) -> None:
    """Print what was found, or that all is well, and what that does not cover."""
    for fault in verdict.faults:
        typer.echo(cleaned(fault))
    if verdict.faults:
        if len(verdict.faults) >= MOST_FAULTS:
            typer.echo(f"There may be more: {MOST_FAULTS} faults are shown at most.")
        raise typer.Exit(1)
    typer.echo(cleaned(f"{good} Signed by {verdict.public_key}."))
    typer.echo(f"Not checked: {'; '.join(unchecked)}.")


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file} holds no JSON object.")
    return found
