"""`interview candidates similar`: nearly the same answer twice."""

from __future__ import annotations

import typer
from rich.table import Table
from rich.text import Text

from interview_client.cli.options import ApiKey, SessionId, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.progress import print_line
from interview_client.reading import cleaned

app = typer.Typer()


@app.command()
def similar(session_id: SessionId, url: Url = DEFAULT_URL, api_key: ApiKey = "") -> None:
    """Show which answers are nearly another candidate's of the same job, with both quotes. It counts in no score."""
    with connected(url, api_key) as client:
        found = client.similar_answers(session_id)
    if not found:
        print_line(console(), "None is nearly another candidate's.")
        return
    table = Table("Answer", "Said here", "Said there", "In both", show_lines=True)
    for pair in found:
        there = f"{cleaned(pair.other.candidate_name)}, {pair.other.session_id}\n"
        said = Text(there, "bold").append(f"{pair.other.start_s:.0f} s “{cleaned(pair.other.quote)}”", "not bold")
        here = Text(f"{pair.start_s:.0f} s “{cleaned(pair.quote)}”")
        table.add_row(str(pair.answer_index + 1), here, said, f"{pair.shared:.0%}")
    console().print(table)
    print_line(console(), f"For information: {found[0].innocent_explanation}")
