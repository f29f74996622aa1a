"""`interview impact`: how groups of candidates fare in a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from interview_client.cli.options import ApiKey, JobId, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.progress import print_line
from interview_client.reading import cleaned

app = typer.Typer()
MEASURES = {"decision": "Selected", "proposal": "Proposed", "score": "Above the median"}
Output = Annotated[
    Path | None, typer.Option("-o", "--output", dir_okay=False, help="Write it to a .json, .csv or .pdf file.")
]
Language = Annotated[Literal["en", "id"], typer.Option("--language", help="Of a CSV or PDF file.")]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[CHARACTERISTIC]...", help="sex, race_ethnicity, age_band; none: stop asking."),
]


@app.command()
def impact(
    job_id: JobId, output: Output = None, language: Language = "en", url: Url = DEFAULT_URL, api_key: ApiKey = ""
) -> None:
    """Show selection and scoring rates by group, with impact ratios; small groups are hidden."""
    with connected(url, api_key) as client:
        if output is not None:
            client.save_impact(job_id, output, language)
            print_line(console(), f"Adverse impact: {output}")
            return
        found = client.impact(job_id)
    people, disclosed = found["people"], found["disclosed"]
    told = "hidden" if disclosed is None else disclosed
    print_line(console(), f"{people} candidates with a result, {found['decided']} decided, {told} have told a group")
    for each in found["tables"]:
        console().print(_table(each))


@app.command("group-questions")
def group_questions(job_id: JobId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Print what a job asks of its candidates' groups, as JSON."""
    with connected(url, api_key) as client:
        typer.echo(json.dumps(client.group_questions(job_id), indent=2, ensure_ascii=False))


@app.command("ask-groups")
def ask_groups(job_id: JobId, names: Names = None, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Have a job ask its candidates for their groups; without a name it stops, and their answers are deleted."""
    with connected(url, api_key) as client:
        asked = client.ask_groups(job_id, [{"name": name} for name in names or []])["characteristics"]
        print_line(console(), f"Asked: {', '.join(each['name'] for each in asked) or 'nothing'}")


def _table(found: dict[str, Any]) -> Table:
    table = Table("Group", "Measure", "Of", "Rate", "Ratio", "Fisher p", box=None, padding=(0, 1, 0, 0))
    for group in found["groups"]:
        name = cleaned(" × ".join(group["categories"]))
        for measure, called in MEASURES.items():
            rate = group[measure]
            if rate["people"] is None:
                table.add_row(name, called, "hidden", "", "", "")
                continue
            ratio = _figure(rate["impact_ratio"]) + (" < 4/5" if rate["below_four_fifths"] else "")
            counts = f"{rate['wanted']} of {rate['people']}"
            table.add_row(name, called, counts, _figure(rate["rate"]), ratio, _figure(rate["fisher_p"]))
    unknown = found["unknown"]
    table.add_row("not told", "", "hidden" if unknown is None else str(unknown), "", "", "")
    return table


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
