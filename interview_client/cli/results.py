"""What came of a session: report, transcripts, findings."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from interview_client.cli.options import AnswerNumber, ApiKey, SessionId, Target, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.progress import print_line
from interview_client.summary import finding_line

app = typer.Typer()


@app.command()
def report(
    session_id: SessionId,
    file: Target,
    language: Annotated[
        Literal["en", "id"] | None, typer.Option("--language", "-l", help="Of the report; else the session's.")
    ] = None,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Write the assessment as a PDF."""
    with connected(url, api_key) as client:
        client.save_report(session_id, file, language or "")
        print_line(console(), f"PDF: {file}")


@app.command()
def transcript(
    session_id: SessionId,
    answer: AnswerNumber,
    format: Annotated[
        Literal["txt", "vtt", "srt"], typer.Option("--format", "-f", help="Plain text, WebVTT or SubRip.")
    ] = "txt",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Print what was said in an answer."""
    with connected(url, api_key) as client:
        typer.echo(client.transcript(session_id, answer - 1, format), nl=False)


@app.command()
def findings(
    session_id: SessionId,
    severity: Annotated[
        Literal["info", "review", "serious"] | None, typer.Option("--severity", help="Only such findings.")
    ] = None,
    type: Annotated[str, typer.Option("--type", help="Only of this type, such as looking_away.")] = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Print the moments that a person should look at, with what else they may be."""
    with connected(url, api_key) as client:
        found = client.findings(session_id, severity or "", type)
    for finding in found:
        line = finding_line(finding.model_dump())
        console().print(f"Answer {finding.answer_index + 1}:", line, soft_wrap=True)
    if not found:
        print_line(console(), "No findings.")
