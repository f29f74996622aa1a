"""The `interview` command: assess recordings and look after sessions.

Exit codes: 0 done, 1 the session failed or the system could not do it, 2 bad usage, 130 interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from interview_client import keys
from interview_client.client import DEFAULT_URL, InterviewClient
from interview_client.errors import InterviewError
from interview_client.models import SessionPage, Status
from interview_client.progress import follow, print_line, problems, status_table, upload_progress
from interview_client.reading import cleaned
from interview_client.submission import Interview, from_file, from_options
from interview_client.summary import summary

app = typer.Typer(
    help="Assess recorded interview answers and read the evidence. A human decides.",
    no_args_is_help=True,
    # Local variables hold candidates' names and answers.
    pretty_exceptions_show_locals=False,
)

app.add_typer(keys.app, name="keys")

Url = Annotated[str, typer.Option("--url", envvar="INTERVIEW_URL", help="Address of the gateway.")]
ApiKey = Annotated[str, typer.Option("--api-key", envvar="INTERVIEW_API_KEY", help="Key, if the gateway wants one.")]
SessionId = Annotated[str, typer.Argument(metavar="ID", help="The session's id.")]


def _checked_target(json_file: str) -> str:
    if json_file and not Path(json_file).parent.is_dir():
        raise typer.BadParameter(f"There is no folder {Path(json_file).parent}.")
    return json_file


JsonFile = Annotated[
    str,
    typer.Option(
        "--json", metavar="FILE", callback=_checked_target, help="Write the result there; - is standard output."
    ),
]


@app.command()
def assess(
    recordings: Annotated[list[str] | None, typer.Argument(help="Video files, or URLs of videos.")] = None,
    question: Annotated[list[str] | None, typer.Option("--question", "-q", help="One for each recording.")] = None,
    name: Annotated[str, typer.Option("--name", help="The candidate's name.")] = "",
    language: Annotated[str, typer.Option("--language", "-l", metavar="en|id", help="Spoken language.")] = "",
    description: Annotated[
        Path | None, typer.Option("--from", help="A JSON file that describes the interview.")
    ] = None,
    json_file: JsonFile = "",
    wait: Annotated[bool, typer.Option(help="Follow the work to its end.")] = True,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Submit a candidate's recorded answers, follow the work, and show what was found."""
    interview = _interview(recordings or [], question or [], name, language, description)
    with _connected(url, api_key) as client:
        console = _console(json_file)
        session_id = _submit(console, client, interview)
        print_line(console, f"Session {session_id}")
        if wait:
            _follow_to_result(console, client, session_id, url, json_file)
        else:
            print_line(console, f"Follow it with: interview status --follow {session_id}")


@app.command()
def status(
    session_id: SessionId,
    to_the_end: Annotated[bool, typer.Option("--follow", "-f", help="Follow the work to its end.")] = False,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Show where a session stands."""
    console = _console()
    with _connected(url, api_key) as client:
        if to_the_end:
            _check_ended(console, _followed(console, client, session_id))
            print_line(console, f"Read it with: interview results {session_id}")
            return
        now = client.status(session_id)
        console.print(status_table(now))
        _print_problems(console, now)


@app.command()
def results(session_id: SessionId, json_file: JsonFile = "", url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Show the result of a session."""
    with _connected(url, api_key) as client:
        _show_result(_console(json_file), client.results(session_id), session_id, url, json_file)


@app.command("list")
def list_sessions(
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most this many.")] = 50,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """List sessions, newest first."""
    with _connected(url, api_key) as client:
        _console().print(_session_table(client.sessions(limit)))


@app.command()
def cancel(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Stop a session; its recordings are deleted, what was finished stays."""
    with _connected(url, api_key) as client:
        print_line(_console(), f"Session {session_id} is {client.cancel(session_id).state}.")


@app.command()
def delete(
    session_id: SessionId,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Delete everything that is stored of a session."""
    if not yes:
        typer.confirm(f"Delete session {session_id} with its result and evidence for good?", abort=True)
    with _connected(url, api_key) as client:
        print_line(_console(), f"Deleted session {session_id} ({client.delete(session_id)} stored objects).")


@contextmanager
def _connected(url: str, api_key: str) -> Iterator[InterviewClient]:
    try:
        with InterviewClient(url, api_key or None) as client:
            yield client
    except InterviewError as error:
        print_line(Console(stderr=True), f"Error: {cleaned(error.message)}")
        raise typer.Exit(1) from None


def _console(json_file: str = "") -> Console:
    # Standard output belongs to the JSON when that goes there.
    return Console(stderr=json_file == "-", highlight=False)


def _interview(recordings: list[str], questions: list[str], name: str, language: str, path: Path | None) -> Interview:
    if path is None:
        return from_options(recordings, questions, name, language)
    if recordings or questions:
        raise typer.BadParameter("--from already names the recordings and questions: leave the others out.")
    return from_file(path, name, language)


def _submit(console: Console, client: InterviewClient, interview: Interview) -> str:
    if not interview.uploads:
        return interview.submit(client, lambda _sent, _total: None)
    with upload_progress(console) as on_progress:
        return interview.submit(client, on_progress)


def _follow_to_result(console: Console, client: InterviewClient, session_id: str, url: str, json_file: str) -> None:
    _check_ended(console, _followed(console, client, session_id))
    _show_result(console, client.results(session_id), session_id, url, json_file)


def _followed(console: Console, client: InterviewClient, session_id: str) -> Status | None:
    try:
        return follow(console, client.watch(session_id))
    except KeyboardInterrupt:
        print_line(console, f"The work goes on. Follow it again with: interview status --follow {session_id}")
        raise typer.Exit(130) from None


def _check_ended(console: Console, last: Status | None) -> None:
    if last is None or not last.failed:
        return
    if console.is_terminal:  # elsewhere each was a line of its own when it happened
        _print_problems(console, last)
    print_line(Console(stderr=True), f"The session failed: {cleaned(last.error or last.message)}")
    raise typer.Exit(1)


def _print_problems(console: Console, shown: Status) -> None:
    for line in problems(shown):
        print_line(console, line)


def _show_result(console: Console, result: dict[str, Any], session_id: str, url: str, json_file: str) -> None:
    written = json.dumps(result, ensure_ascii=False, indent=2)
    if json_file == "-":
        typer.echo(written)
        return
    console.print(summary(result))
    print_line(console, f"Page: {url.rstrip('/')}/halaman_dasboard.html?session={session_id}")
    if json_file:
        _write(Path(json_file), written)
        print_line(console, f"JSON: {json_file}")


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise InterviewError(f"Cannot write {path}: {error.strerror}.") from None


def _session_table(page: SessionPage) -> Table:
    table = Table(Column("Session", no_wrap=True), "Candidate", "Language", "Answers", "State", "Submitted")
    for found in page.sessions:
        submitted = f"{found.create_time:%Y-%m-%d %H:%M}" if found.create_time else ""
        cells = (found.session_id, cleaned(found.candidate_name), found.language, str(len(found.answers)), found.state)
        table.add_row(*(Text(cell) for cell in (*cells, submitted)))
    return table
