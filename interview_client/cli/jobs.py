"""`interview jobs`: what candidates are asked."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated, cast

import typer
from pydantic import ValidationError
from rich.table import Table
from rich.text import Text

from interview_client.cli.options import ApiKey, JobId, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.models import JobContent, JobOptions, Signal
from interview_client.progress import print_line
from interview_client.reading import cleaned

app = typer.Typer(help="Jobs: what candidates are asked.", no_args_is_help=True)
PAGE_SIZE = 200
"""The most that the gateway gives at once."""
JobFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="JSON, as `jobs show` prints it."),
]
Title = Annotated[str, typer.Argument(metavar="TITLE", help="Title of the copy.")]


@app.command("list")
def list_jobs(
    archived: Annotated[bool, typer.Option("--archived", help="Show archived jobs.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """List jobs, newest first, with the progress of their candidates."""
    table = Table("Job, id", "Invited", "Answering", "Submitted", "To decide", box=None, padding=(0, 1, 0, 0))
    with connected(url, api_key) as client:
        for job in islice(client.each_job(archived, min(limit, PAGE_SIZE)), limit):
            counts, sessions = job.invitations, job.sessions
            numbers = (
                sum(counts.model_dump().values()),
                counts.opened + counts.started,
                counts.handed_in,
                sessions.open + sessions.contested,
            )
            table.add_row(Text(f"{cleaned(job.title)} ({job.language})\n{job.job_id}"), *map(str, numbers))
    console().print(table)


@app.command()
def show(
    job_id: JobId,
    version: Annotated[int, typer.Option(min=0, help="Version of the questions; 0: the newest.")] = 0,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Print a job as JSON."""
    with connected(url, api_key) as client:
        typer.echo(client.job(job_id, version).model_dump_json(indent=2))


@app.command()
def templates(url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """List the templates for jobs."""
    table = Table("Template", "Job", "Language", "Questions")
    with connected(url, api_key) as client:
        for found in client.job_templates():
            table.add_row(found.name, cleaned(found.title), found.language, str(len(found.questions)))
    console().print(table)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="Name of the template: see `interview jobs templates`.")],
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Print a template as JSON, to edit and pass to `interview jobs make`."""
    with connected(url, api_key) as client:
        found = {each.name: each for each in client.job_templates()}
    if name not in found:
        raise typer.BadParameter(f"must be one of {', '.join(found)}")
    typer.echo(found[name].model_dump_json(indent=2, exclude={"name"}))


@app.command()
def make(file: JobFile, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Make a job from a JSON file and print its id."""
    content, options = _read(file)
    with connected(url, api_key) as client:
        typer.echo(client.make_job(content.title, content.questions, content.language, **options).job_id)


@app.command()
def change(job_id: JobId, file: JobFile, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Replace a job by the content of a JSON file; what a candidate has seen stays as a version."""
    content, options = _read(file)
    with connected(url, api_key) as client:
        changed = client.change_job(job_id, content.title, content.questions, content.language, **options)
        print_line(console(), f"Job {changed.job_id} is at version {changed.version}.")


@app.command()
def copy(job_id: JobId, title: Title, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Make a job with the questions of another job and print its id."""
    with connected(url, api_key) as client:
        typer.echo(client.copy_job(job_id, title).job_id)


@app.command()
def team(
    job_id: JobId,
    member: Annotated[
        list[str] | None, typer.Option(help="E-mail address, or key:ID of an API key; several times for several.")
    ] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="Open the job to the whole organisation.")] = False,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Show who sees a job; with --member or --everybody (for admins), change it."""
    with connected(url, api_key) as client:
        changed = member or everybody
        found = client.set_team(job_id, [] if everybody else member or []) if changed else client.team(job_id)
    for each in found:
        print_line(console(), cleaned(f"{each.principal_id}  {each.name}"))
    if not found:
        print_line(console(), "Everybody in the organisation.")


@app.command()
def archive(job_id: JobId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Archive a job: nobody can be invited to it any more."""
    with connected(url, api_key) as client:
        print_line(console(), f"Job {client.archive_job(job_id).job_id} is put away.")


@app.command()
def restore(job_id: JobId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Restore an archived job."""
    with connected(url, api_key) as client:
        print_line(console(), f"Job {client.restore_job(job_id).job_id} is open again.")


def _read(file: Path) -> tuple[JobContent, JobOptions]:
    try:
        found = JobContent.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise typer.BadParameter(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    options = JobOptions(
        rubric=found.rubric,
        policy=found.policy,
        consent_text=found.consent_text,
        close_time=found.close_time,
        webhook_url=found.webhook_url,
        audio_only=found.audio_only,
        signals=cast(tuple[Signal, ...], found.signals),
    )
    return found, options
