"""`interview letter`: what a candidate is written; a person reads and sends it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from interview_client.cli.options import ApiKey, Reviewer, SessionId, Url, connected, reviewer_name
from interview_client.client import DEFAULT_URL, InterviewClient
from interview_client.models import Letter
from interview_client.progress import print_line
from interview_client.reading import cleaned

app = typer.Typer()


@app.command()
def letter(
    session_id: SessionId,
    draft: Annotated[bool, typer.Option("--draft", help="Compose it anew, over the draft there is.")] = False,
    language: Annotated[
        Literal["en", "id"] | None, typer.Option("--language", "-l", help="Of a new draft; default: the candidate's.")
    ] = None,
    points: Annotated[bool, typer.Option("--points", help="Name points of the model answer that are missing.")] = False,
    text: Annotated[
        Path | None, typer.Option("--text", help="File with the text as you want it.", exists=True, dir_okay=False)
    ] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as a PDF too.", dir_okay=False)] = None,
    send: Annotated[bool, typer.Option("--send", help="Mail it.")] = False,
    to: Annotated[str, typer.Option("--to", help="Where to; default: the address of the invitation.")] = "",
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Record that you pass it on yourself.")] = False,
    reviewer: Reviewer = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Print the letter to a candidate, drafted from the evidence without scores; read it, change it, send it."""
    if send and by_hand:
        raise typer.BadParameter("Either --send or --by-hand.")
    with connected(url, api_key) as client:
        found = None if draft or language or points else client.letter(session_id)
        if found is None:
            found = client.draft_letter(session_id, language or "", reviewer_name(client, reviewer), points)
        if text is not None:
            author = reviewer_name(client, reviewer)
            found = client.edit_letter(session_id, text.read_text("utf-8"), found.revision, author)
        if send or by_hand:
            found = _sent(client, found, "mail" if send else "by_hand", to, reviewer)
        typer.echo(found.text, nl=False)
        if pdf is not None:
            client.save_letter(session_id, pdf)
        for line in _notes(found):
            print_line(Console(stderr=True), line)


def _sent(client: InterviewClient, found: Letter, way: str, to: str, reviewer: str) -> Letter:
    return client.send_letter(found.session_id, way, found.revision, to, reviewer_name(client, reviewer))


def _notes(found: Letter) -> list[str]:
    lines = [f"Not in the transcript: “{cleaned(quote)}”" for quote in found.unfounded_quotes]
    if found.send_time is not None:
        sent = f"{found.send_time.astimezone():%Y-%m-%d %H:%M}"
        return [*lines, f"Sent by {cleaned(found.sender)}, {sent}, {found.way.replace('_', ' ')}."]
    unfinished = "[[" in found.text
    todo = "Write what is asked between [[ and ]]: --text FILE." if unfinished else "Send it with --send or --by-hand."
    return [*lines, f"{found.state.capitalize()}, revision {found.revision}. {todo}"]
