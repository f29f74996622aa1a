"""`interview candidates`: who has handed in for a job, what their results come to, and what people note on them."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from interview_client.cli import scorecards, similarity
from interview_client.cli.options import (
    ApiKey,
    JobId,
    Reviewer,
    SessionId,
    Url,
    connected,
    console,
    reviewer_name,
)
from interview_client.client import DEFAULT_URL
from interview_client.comparison import comparison
from interview_client.models import CandidateFilters, FindingCounts, ListedCandidate
from interview_client.progress import print_line
from interview_client.reading import cleaned, final

app = typer.Typer(help="A job's candidates.", no_args_is_help=True)
app.add_typer(scorecards.app)
app.add_typer(similarity.app)
PAGE_SIZE = 200
"""The most that the gateway gives at once."""
FEWEST, MOST = 2, 4
"""Candidates that stand side by side."""
Order = Annotated[
    Literal["created", "name", "total", "outcome", "findings", "decision"], typer.Option("--order", help="Sorted by.")
]
Score = Annotated[float | None, typer.Option(min=0, max=100, help="Of the total of 100.")]


@app.command("list")
def list_candidates(
    job_id: JobId,
    order: Order = "created",
    descending: Annotated[bool, typer.Option("--descending/--ascending", help="The largest or latest first.")] = True,
    q: Annotated[str, typer.Option("--q", help="Part of the name.")] = "",
    proposal: Annotated[
        Literal["pass", "consider", "fail", "insufficient"] | None, typer.Option(help="Only with this proposal.")
    ] = None,
    decision: Annotated[
        Literal["open", "pass", "consider", "fail", "contested"] | None, typer.Option(help="Only with this decision.")
    ] = None,
    findings: Annotated[
        Literal["none", "review", "serious"] | None, typer.Option(help="Only with such findings.")
    ] = None,
    shortlisted: Annotated[bool, typer.Option("--shortlisted", help="Only those on the shortlist.")] = False,
    least: Score = None,
    most: Score = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """List a job's candidates with proposal, total score, findings and decision."""
    filters = CandidateFilters(
        order=order,
        descending=descending,
        q=q,
        shortlisted=shortlisted,
        outcome=proposal or "",
        decision=decision or "",
        findings=findings or "",
        least_total=least,
        most_total=most,
    )
    with connected(url, api_key) as client:
        found = client.each_candidate(job_id, min(limit, PAGE_SIZE), **filters)
        table = Table("Candidate, session", "Proposal", "Total of 100", "Findings", "Decision", "Handed in")
        for candidate in islice(found, limit):
            table.add_row(*_cells(candidate))
    console().print(table)


@app.command()
def compare(
    session_ids: Annotated[list[str], typer.Argument(metavar="ID ID...", help="Two to four sessions' ids.")],
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Show two to four candidates side by side, question by question."""
    chosen = list(dict.fromkeys(session_ids))
    if not FEWEST <= len(chosen) <= MOST:
        raise typer.BadParameter(f"Give {FEWEST} to {MOST} sessions.")
    with connected(url, api_key) as client:
        console().print(comparison([client.results(session_id) for session_id in chosen]))
    print_line(console(), "A human decides.")


@app.command()
def shortlist(
    session_id: SessionId,
    off: Annotated[bool, typer.Option("--off", help="Take them off it.")] = False,
    reviewer: Reviewer = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Put a candidate on the shortlist, which decides nothing."""
    with connected(url, api_key) as client:
        found = client.set_shortlisted(session_id, not off, reviewer_name(client, reviewer))
        where = "on the shortlist" if found.shortlist_time else "not on the shortlist"
        print_line(console(), f"{cleaned(found.candidate_name)} is {where}.")


@app.command()
def comments(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """List the comments on a session, oldest first."""
    with connected(url, api_key) as client:
        for found in client.comments(session_id):
            when = f"{found.create_time.astimezone():%Y-%m-%d %H:%M}"
            print_line(console(), f"{when} {cleaned(found.author)} ({found.comment_id}): {cleaned(found.text)}")


@app.command()
def comment(
    session_id: SessionId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What you want to say.")],
    reviewer: Reviewer = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Comment on a session for those who see it; prints the comment's id."""
    with connected(url, api_key) as client:
        typer.echo(client.add_comment(session_id, text, reviewer_name(client, reviewer)).comment_id)


@app.command("delete-comment")
def delete_comment(
    session_id: SessionId,
    comment_id: Annotated[str, typer.Argument(metavar="COMMENT", help="As `candidates comments` lists it.")],
    reviewer: Reviewer = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Delete a comment of yours."""
    with connected(url, api_key) as client:
        client.delete_comment(session_id, comment_id, reviewer_name(client, reviewer))
        print_line(console(), "Deleted.")


def _cells(found: ListedCandidate) -> tuple[str | Text, ...]:
    scored = found.total is not None
    return (
        Text(f"{'* ' if found.shortlist_time else ''}{cleaned(found.candidate_name)}\n{found.session_id}"),
        "rate it first" if found.hidden else found.outcome or found.state,
        final(found.total, found.total_low, found.total_high) if scored else "" if found.hidden else "none",
        _findings(found.findings),
        found.decision,
        f"{found.create_time.astimezone():%Y-%m-%d}",
    )


def _findings(counts: FindingCounts | None) -> str:
    if counts is None:
        return ""
    named = (("serious", counts.serious), ("to review", counts.review), ("for information", counts.info))
    return ", ".join(f"{count} {name}" for name, count in named if count) or "none"
