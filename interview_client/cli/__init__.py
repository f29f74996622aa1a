"""The `interview` command: assess recordings, review, and look after sessions.

Exit codes: 0 done, 1 the session failed or the system could not do it, 2 bad usage, 130 interrupted.
"""

from __future__ import annotations

from typing import Annotated

import typer

from interview_client import keys, organisations
from interview_client.cli import (
    assess,
    audit,
    candidates,
    deliveries,
    impact,
    invitations,
    jobs,
    letters,
    links,
    results,
    reviews,
    sessions,
    settings,
)
from interview_client.cli.options import acting_for

app = typer.Typer(
    help="Assess recorded interview answers and read the evidence. A person decides.",
    no_args_is_help=True,
    # Local variables hold candidates' names and answers.
    pretty_exceptions_show_locals=False,
)


@app.callback()
def chosen(
    organisation: Annotated[
        str,
        typer.Option(envvar="INTERVIEW_ORGANISATION", help="Id of the organisation to act for, if you are in several."),
    ] = "",
) -> None:
    """Assess recorded interview answers and read the evidence. A person decides."""
    acting_for.set(organisation)


for part in (assess, sessions, results, reviews, letters, audit, impact):
    app.add_typer(part.app)
app.add_typer(audit.chain, name="audit")
app.add_typer(links.app, name="links")
app.add_typer(jobs.app, name="jobs")
app.add_typer(invitations.app, name="invitations")
app.add_typer(candidates.app, name="candidates")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(settings.app, name="settings")
app.add_typer(keys.app, name="keys")
app.add_typer(organisations.app, name="organisations")
app.add_typer(organisations.members, name="members")
