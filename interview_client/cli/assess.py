"""Assess recordings: submit, follow, show the result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from interview_client.cli.options import (
    ApiKey,
    Consent,
    IdempotencyKey,
    InJob,
    Policy,
    ProjectScore,
    Rubric,
    SessionId,
    Url,
    WebhookUrl,
    connected,
    console,
)
from interview_client.client import DEFAULT_URL, InterviewClient
from interview_client.errors import InterviewError
from interview_client.models import Status, SubmitOptions
from interview_client.news import RESULT, Milestones, News
from interview_client.progress import (
    TellNews,
    follow,
    print_line,
    problems,
    status_table,
    to_come,
    upload_progress,
)
from interview_client.reading import cleaned
from interview_client.submission import Interview, from_file, from_options
from interview_client.summary import summary

app = typer.Typer()


def _checked_target(json_file: str) -> str:
    if json_file and not Path(json_file).parent.is_dir():
        raise typer.BadParameter(f"There is no folder {Path(json_file).parent}.")
    return json_file


JsonFile = Annotated[
    str,
    typer.Option(
        "--json", metavar="FILE", callback=_checked_target, help="File to write the result to; - is standard output."
    ),
]


@app.command()
def assess(
    recordings: Annotated[list[str] | None, typer.Argument(help="Video files, or URLs of videos.")] = None,
    question: Annotated[
        list[str] | None, typer.Option("--question", "-q", help="Question; one for each recording.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="The candidate's name.")] = "",
    language: Annotated[str, typer.Option("--language", "-l", metavar="en|id", help="Spoken language.")] = "",
    description: Annotated[
        Path | None, typer.Option("--from", help="A JSON file that describes the interview.")
    ] = None,
    policy: Policy = "",
    rubric: Rubric = "",
    job: InJob = "",
    consent: Consent = "",
    project_score: ProjectScore = None,
    webhook_url: WebhookUrl = "",
    idempotency_key: IdempotencyKey = "",
    json_file: JsonFile = "",
    wait: Annotated[bool, typer.Option(help="Follow the work to its end.")] = True,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Show only the result, not the findings as they come in.")
    ] = False,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Submit a candidate's recorded answers, follow the work, and show findings as they come in."""
    interview = _interview(recordings or [], question or [], name, language, description)
    options = SubmitOptions(
        policy=policy,
        rubric=rubric,
        job_id=job,
        consent_reference=consent,
        project_score=project_score,
        webhook_url=webhook_url,
        idempotency_key=idempotency_key,
    )
    with connected(url, api_key) as client:
        shown = console(json_file)
        session_id = _submit(shown, client, interview, options)
        print_line(shown, f"Session {session_id}")
        if not wait:
            print_line(shown, f"Follow it with: interview status --follow {session_id}")
        elif quiet:
            _check_ended(shown, _followed(shown, client, session_id))
            _show_result(shown, client.results(session_id), session_id, url, json_file)
        else:
            _follow_to_result(shown, client, session_id, url, json_file, Milestones())


def assess_description(
    description: Path, url: str, json_file: str, milestones: Milestones, options: SubmitOptions
) -> None:
    """What `assess --from` does, with milestones that began earlier and a system that does not come back.

    Raises typer.Exit.
    """
    with connected(url, "", patience_s=1.0) as client:
        shown = console(json_file)
        session_id = _submit(shown, client, from_file(description, "", ""), options)
        print_line(shown, f"Session {session_id}")
        _follow_to_result(shown, client, session_id, url, json_file, milestones)


@app.command()
def status(
    session_id: SessionId,
    to_the_end: Annotated[bool, typer.Option("--follow", "-f", help="Follow the work to its end.")] = False,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Show the state of a session."""
    shown = console()
    with connected(url, api_key) as client:
        if to_the_end:
            _check_ended(shown, _followed(shown, client, session_id))
            print_line(shown, f"Read it with: interview results {session_id}")
            return
        now = client.status(session_id)
        shown.print(status_table(now))
        _print_lines(shown, [*problems(now), *to_come(now)])


@app.command()
def results(session_id: SessionId, json_file: JsonFile = "", url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Show the result of a session."""
    with connected(url, api_key) as client:
        _show_result(console(json_file), client.results(session_id), session_id, url, json_file)


def _interview(recordings: list[str], questions: list[str], name: str, language: str, path: Path | None) -> Interview:
    if path is None:
        return from_options(recordings, questions, name, language)
    if recordings or questions:
        raise typer.BadParameter("--from already names the recordings and questions: leave the others out.")
    return from_file(path, name, language)


def _submit(shown: Console, client: InterviewClient, interview: Interview, options: SubmitOptions) -> str:
    if not interview.uploads:
        return interview.submit(client, lambda _sent, _total: None, options)
    with upload_progress(shown) as on_progress:
        return interview.submit(client, on_progress, options)


def _follow_to_result(
    shown: Console, client: InterviewClient, session_id: str, url: str, json_file: str, milestones: Milestones
) -> None:
    news = News(client, session_id, milestones)
    last = _followed(shown, client, session_id, news.of)
    _check_ended(shown, last)
    result = client.results(session_id)
    if last is not None:
        news.end(last)
    milestones.reach(RESULT)
    _show_result(shown, result, session_id, url, json_file)
    print_line(shown, milestones.line())


def _followed(
    shown: Console, client: InterviewClient, session_id: str, news: TellNews = lambda _status: ()
) -> Status | None:
    try:
        return follow(shown, client.watch(session_id), news)
    except KeyboardInterrupt:
        print_line(shown, f"The work goes on. Follow it again with: interview status --follow {session_id}")
        raise typer.Exit(130) from None


def _check_ended(shown: Console, last: Status | None) -> None:
    if last is None or not last.failed:
        _print_lines(shown, to_come(last) if last else [])
        return
    if shown.is_terminal:  # elsewhere each was a line of its own when it happened
        _print_lines(shown, problems(last))
    print_line(Console(stderr=True), f"The session failed: {cleaned(last.error or last.message)}")
    raise typer.Exit(1)


def _print_lines(shown: Console, lines: list[str]) -> None:
    for line in lines:
        print_line(shown, line)


def _show_result(shown: Console, result: dict[str, Any], session_id: str, url: str, json_file: str) -> None:
    written = json.dumps(result, ensure_ascii=False, indent=2)
    if json_file == "-":
        typer.echo(written)
        return
    shown.print(summary(result))
    print_line(shown, f"Page: {url.rstrip('/')}/halaman_dasboard.html?session={session_id}")
    if json_file:
        _write(Path(json_file), written)
        print_line(shown, f"JSON: {json_file}")


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content + "\n", encoding="utf-8")
    except OSError as error:
        raise InterviewError(f"Cannot write {path}: {error.strerror}.") from None
