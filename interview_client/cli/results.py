"""What came of a session: report, transcripts, findings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from interview_client.cli.options import AnswerNumber, ApiKey, SessionId, Target, Url, connected, console
from interview_client.client import DEFAULT_URL, InterviewClient
from interview_client.errors import InterviewError
from interview_client.models import Translation
from interview_client.progress import print_line
from interview_client.reading import cleaned
from interview_client.summary import finding_line

app = typer.Typer()
POLL_S = 2.0


@app.command()
def report(
    session_id: SessionId,
    file: Target,
    language: Annotated[
        Literal["en", "id"] | None,
        typer.Option("--language", "-l", help="Language of the report; default: the session's."),
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
    language: Annotated[
        Literal["en", "id"] | None, typer.Option("--language", "-l", help="Transcript or translation; default: spoken.")
    ] = None,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Print what was said in an answer."""
    with connected(url, api_key) as client:
        typer.echo(client.transcript(session_id, answer - 1, format, language or ""), nl=False)


@app.command()
def recording(
    session_id: SessionId,
    answer: AnswerNumber,
    file: Annotated[Path, typer.Option("--output", "-o", help="File to write, such as answer.mp4.")],
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Write what the candidate recorded, if the policy keeps it; that you did is recorded."""
    with connected(url, api_key) as client:
        client.save_recording(session_id, answer - 1, file)
        print_line(console(), f"Recording: {file}")


@app.command()
def translate(session_id: SessionId, answer: AnswerNumber, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Print an answer in the other language; if there is no translation yet, request it and wait."""
    with connected(url, api_key) as client:
        found = client.translate(session_id, answer - 1)
        if found.state != "completed":
            print_line(Console(stderr=True), "Translating...")
            wait_for_translation(client, session_id, answer - 1)
            found = client.translate(session_id, answer - 1)
        if not found.text:
            raise InterviewError("Nobody could translate this answer.")
        typer.echo(found.text)
        for warning in translation_warnings(found):
            print_line(Console(stderr=True), warning)


def wait_for_translation(client: InterviewClient, session_id: str, index: int) -> None:
    """Wait until a translation is there. Raises InterviewError when it failed or was stopped."""
    while True:
        stage = next(s for s in client.answer(session_id, index).stages if s.name == "translate")
        if stage.state == "completed":
            return
        if stage.state not in ("pending", "running"):
            raise InterviewError(stage.error.message if stage.error else "The translation was stopped.")
        time.sleep(POLL_S)


def translation_warnings(found: Translation) -> Iterator[str]:
    """What to know before relying on a translation."""
    if found.grade == "gist":
        yield "It conveys the gist; do not quote it."
    if found.mismatches:
        yield f"Numbers or names that differ between the two: {', '.join(map(cleaned, found.mismatches))}"


@app.command()
def findings(
    session_id: SessionId,
    severity: Annotated[
        Literal["info", "review", "serious"] | None, typer.Option("--severity", help="Only findings of this severity.")
    ] = None,
    type: Annotated[str, typer.Option("--type", help="Only of this type, such as looking_away.")] = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Print the moments that a person should look at, each with an innocent explanation."""
    with connected(url, api_key) as client:
        found = client.findings(session_id, severity or "", type)
    for finding in found:
        line = finding_line(finding.model_dump())
        console().print(f"Answer {finding.answer_index + 1}:", line, soft_wrap=True)
    if not found:
        print_line(console(), "No findings.")
