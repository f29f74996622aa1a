"""`interview links`: what has become of candidates' links."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer
from rich.table import Table

from interview_client.cli.options import ApiKey, Url, connected, console
from interview_client.client import DEFAULT_URL
from interview_client.progress import print_line

app = typer.Typer(help="Candidates' links: list and withdraw them.", no_args_is_help=True)
PAGE_SIZE = 200
"""The most that the gateway gives at once."""


@app.command("list")
def list_links(
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """List links, newest first; the candidates' names are only in the links themselves."""
    table = Table("id", "state", "made", "ends", "made by")
    with connected(url, api_key) as client:
        for link in islice(client.each_link(min(limit, PAGE_SIZE)), limit):
            ends = link.revoke_time or link.expire_time
            times = (f"{moment.astimezone():%Y-%m-%d %H:%M}" for moment in (link.create_time, ends))
            table.add_row(link.session_id, link.state, *times, link.owner)
        console().print(table)


@app.command()
def revoke(
    session_id: Annotated[str, typer.Argument(metavar="ID", help="The link's id, as printed by `interview link`.")],
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Withdraw a link; what was submitted through it stays."""
    with connected(url, api_key) as client:
        print_line(console(), f"Link {client.revoke_link(session_id).session_id} is revoked.")
