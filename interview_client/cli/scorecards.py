"""`interview candidates rate` and `scorecards`: by oneself first, then how far people and machine agree."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from interview_client.cli.options import ApiKey, SessionId, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.models import Agreement, ScorecardRating
from interview_client.progress import print_line
from interview_client.reading import cleaned

app = typer.Typer()
_RATING = re.compile(r"([0-9]{1,3}):([a-z0-9_]{1,64})=([1-5])")


@app.command()
def rate(
    session_id: SessionId,
    rating: Annotated[
        list[str], typer.Option("--rating", "-r", metavar="ANSWER:CRITERION=1..5", help="Such as 1:relevance=4.")
    ],
    recommend: Annotated[Literal["pass", "consider", "fail"], typer.Option(help="It decides nothing.")],
    reason: Annotated[str, typer.Option("--reason", help="What in the answers led to it.")],
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Record your own scorecard: every criterion of every answer, from 1 (poor) to 5 (very good). It stays as it is."""
    ratings = [_read(each) for each in rating]
    with connected(url, api_key) as client:
        made = client.rate(session_id, ratings, recommend, reason)
        print_line(console(), f"Recorded for {cleaned(made.author)}. See: interview candidates scorecards {session_id}")


@app.command()
def scorecards(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Show how people rate a session, and how far they and the machine agree; once you have rated it yourself."""
    with connected(url, api_key) as client:
        found = client.scorecards(session_id)
    if not found.scorecards:
        waits = f"Rate it first: interview candidates rate {session_id}"
        print_line(console(), waits if found.rate_first else "There is no scorecard that you may see.")
        return
    table = Table("Answer, criterion", *(f"{cleaned(card.author)}, of 5" for card in found.scorecards))
    known = [{(r.answer_index, r.criterion): r.rating for r in card.ratings} for card in found.scorecards]
    for index, criterion in dict.fromkeys(key for each in known for key in each):
        cells = (str(each.get((index, criterion), "")) for each in known)
        table.add_row(Text(f"{index + 1} {cleaned(criterion)}"), *cells)
    table.add_row("recommends", *(card.recommendation for card in found.scorecards))
    console().print(table)
    print_line(console(), f"People: {_agreed(found.people)}")
    print_line(console(), f"People and machine: {_agreed(found.machine)}")


def _agreed(found: Agreement) -> str:
    if not found.compared:
        return "nothing to compare"
    return f"of {found.compared} pairs {found.same} the same, {found.near} at most one step of 5 apart"


def _read(given: str) -> ScorecardRating:
    match = _RATING.fullmatch(given)
    if match is None or match[1] == "0":
        raise typer.BadParameter(f"{given}: write it as ANSWER:CRITERION=1..5, such as 1:relevance=4")
    return ScorecardRating(answer_index=int(match[1]) - 1, criterion=match[2], rating=int(match[3]))
