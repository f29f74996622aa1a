"""`interview deliveries`: what became of webhooks."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.table import Table

from interview_client.cli.options import ApiKey, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.progress import print_line
from interview_client.reading import cleaned

app = typer.Typer(help="Webhooks: what became of them, and sending them again.", no_args_is_help=True)


@app.command("list")
def list_deliveries(
    session: Annotated[str, typer.Option("--session", help="Only about this session or invitation.")] = "",
    job: Annotated[str, typer.Option("--job", help="Only about this job.")] = "",
    state: Annotated[Literal["pending", "delivered", "failed"] | None, typer.Option(help="Only in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most this many.")] = 50,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """List deliveries of the last 30 days, newest first."""
    table = Table("id", "event", "session", "to", "state", "tries", "answer", "last problem", "made")
    with connected(url, api_key) as client:
        for found in client.deliveries(session, job, state or "", limit).deliveries:
            made = f"{found.create_time.astimezone():%Y-%m-%d %H:%M}"
            about = (found.delivery_id, found.event, found.session_id, cleaned(found.url), found.state)
            answered = str(found.last_code or "")
            table.add_row(*about, str(found.attempts), answered, found.last_reason, made)
    console().print(table)


@app.command()
def resend(
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="As `deliveries list` shows it.")],
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Send a webhook again: the same body with a new signature."""
    with connected(url, api_key) as client:
        print_line(console(), f"{client.resend_delivery(delivery_id).event} is sent again.")
