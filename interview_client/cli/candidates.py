"""`interview candidates`: who has handed in for a job, and what their results come to."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from interview_client.cli.options import ApiKey, JobId, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.models import CandidateFilters, FindingCounts, ListedCandidate
from interview_client.reading import cleaned, within

app = typer.Typer(help="A job's candidates.", no_args_is_help=True)
PAGE_SIZE = 200
"""The most that the gateway gives at once."""
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


def _cells(found: ListedCandidate) -> tuple[str | Text, ...]:
    scored = found.total is not None
    return (
        Text(f"{cleaned(found.candidate_name)}\n{found.session_id}"),
        found.outcome or found.state,
        within(found.total, found.total_low, found.total_high) if scored else "none",
        _findings(found.findings),
        found.decision,
        f"{found.create_time.astimezone():%Y-%m-%d}",
    )


def _findings(counts: FindingCounts | None) -> str:
    if counts is None:
        return ""
    named = (("serious", counts.serious), ("to review", counts.review), ("for information", counts.info))
    return ", ".join(f"{count} {name}" for name, count in named if count) or "none"
