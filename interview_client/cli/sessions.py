"""Looking after sessions: list, table, cancel, delete; and what a submission can choose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from interview_client.cli.options import (
    AnswerNumber,
    ApiKey,
    InJob,
    Query,
    ReviewState,
    SessionId,
    State,
    Url,
    connected,
    console,
    filters,
)
from interview_client.client import DEFAULT_URL
from interview_client.models import Session
from interview_client.progress import print_line
from interview_client.reading import cleaned

SESSION_ID = re.compile("[0-9a-f]{32}")
app = typer.Typer()
PAGE_SIZE = 200
"""The most that the gateway gives at once."""


@app.command("list")
def list_sessions(
    q: Query = "",
    state: State = None,
    review: ReviewState = None,
    job: InJob = "",
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """List sessions, newest first."""
    with connected(url, api_key) as client:
        found = client.each_session(min(limit, PAGE_SIZE), **filters(q, state, review, job))
        console().print(_session_table(islice(found, limit)))


@app.command()
def export(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="CSV file to write; with -o the id of a session.")],
    q: Query = "",
    state: State = None,
    review: ReviewState = None,
    job: InJob = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", dir_okay=False, help="Zip file for what is held about a candidate.")
    ] = None,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Write sessions to a CSV file; with -o, everything that is held about one candidate to a zip file."""
    if output is None and SESSION_ID.fullmatch(target):
        raise typer.BadParameter("This is a session's id: add -o FILE.zip for what is held about its candidate.")
    with connected(url, api_key) as client:
        if output is not None:
            client.save_personal_data(target, output)
            print_line(console(), f"Personal data: {output}")
            return
        client.save_sessions(Path(target), **filters(q, state, review, job))
        print_line(console(), f"CSV: {target}")


@app.command()
def cancel(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Cancel a session; its recordings are deleted, finished parts stay."""
    with connected(url, api_key) as client:
        print_line(console(), f"Session {session_id} is {client.cancel(session_id).state}.")


@app.command()
def retry(session_id: SessionId, answer: AnswerNumber, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Run an answer with a failed stage again, from its kept recording; `interview status` shows the progress."""
    with connected(url, api_key) as client:
        print_line(console(), f"Session {session_id} is {client.retry(session_id, answer - 1).state}.")


@app.command()
def delete(
    session_id: SessionId,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Delete everything that is stored about a session."""
    if not yes:
        typer.confirm(f"Delete session {session_id} with its result and evidence for good?", abort=True)
    with connected(url, api_key) as client:
        print_line(console(), f"Deleted session {session_id} ({client.delete(session_id)} stored objects).")


@app.command()
def policies(url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """List the policies that a submission can name; * marks the default."""
    table = Table("Policy", "Consent", "What it does")
    with connected(url, api_key) as client:
        for policy in client.policies():
            consent = "required" if policy.requires_consent else ""
            table.add_row(*_cells(_marked(policy.name, policy.is_default), consent, policy.description))
    console().print(table)


@app.command()
def rubrics(url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """List the rubrics that a submission can name; * marks the default."""
    table = Table("Rubric", "Role", "Criteria")
    with connected(url, api_key) as client:
        for rubric in client.rubrics():
            criteria = ", ".join(f"{c.name} {100 * c.weight:.0f} %" for c in rubric.criteria)
            table.add_row(*_cells(_marked(rubric.name, rubric.is_default), rubric.role, criteria))
    console().print(table)


def _session_table(sessions: Iterable[Session]) -> Table:
    """Fits a terminal of 80 columns: the id stands under the name."""
    whole = [Column(name, no_wrap=True) for name in ("Candidate, session", "Answers", "State", "Decision", "Submitted")]
    table = Table(*whole, box=None, padding=(0, 1, 0, 0))
    for found in sessions:
        submitted = f"{found.create_time:%Y-%m-%d %H:%M}" if found.create_time else ""
        who = f"{cleaned(found.candidate_name)} ({found.language})\n{found.session_id}"
        cells = _cells(str(len(found.answers)), found.state, _decision(found), submitted)
        table.add_row(Text(who), *cells)
    return table


def _decision(session: Session) -> str:
    if session.review_state == "contested":
        return "contested"
    return session.review.decision if session.review else ""


def _marked(name: str, is_default: bool) -> str:
    return f"{name} *" if is_default else name


def _cells(*values: str) -> list[Text]:
    return [Text(cleaned(value)) for value in values]
