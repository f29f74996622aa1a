"""What commands share: options, the connection, the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from interview_client.client import InterviewClient
from interview_client.errors import InterviewError
from interview_client.models import Filters
from interview_client.progress import print_line
from interview_client.reading import cleaned

PATIENCE_S = 60.0
"""How long a gateway that has answered may be away, seconds."""

acting_for: ContextVar[str] = ContextVar("organisation", default="")
"""What `interview --organisation` names, for whichever command connects."""

Url = Annotated[str, typer.Option("--url", envvar="INTERVIEW_URL", help="Address of the gateway.")]
ApiKey = Annotated[
    str, typer.Option("--api-key", envvar="INTERVIEW_API_KEY", help="API key, if the gateway requires one.")
]
SessionId = Annotated[str, typer.Argument(metavar="ID", help="The session's id.")]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id.")]
InJob = Annotated[str, typer.Option("--job", help="Id of the job that it belongs to.")]
AnswerNumber = Annotated[
    int, typer.Argument(metavar="ANSWER", min=1, help="Number of the answer, from 1, as `interview results` shows it.")
]
Target = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="File to write.")]

Policy = Annotated[str, typer.Option("--policy", help="Name of the policy: see `interview policies`.")]
Rubric = Annotated[str, typer.Option("--rubric", help="Name of the rubric: see `interview rubrics`.")]
Consent = Annotated[str, typer.Option("--consent", help="Where the candidate's consent is recorded.")]
ProjectScore = Annotated[
    float | None, typer.Option("--project-score", min=0, max=100, help="Score of work that was rated elsewhere.")
]
WebhookUrl = Annotated[str, typer.Option("--webhook-url", help="Address to notify when the session has ended.")]
IdempotencyKey = Annotated[
    str, typer.Option("--idempotency-key", help="Your own key for this submission: it is started at most once.")
]
Reviewer = Annotated[
    str, typer.Option("--reviewer", envvar="INTERVIEW_REVIEWER", help="Your name; not needed with sign-in.")
]

Query = Annotated[str, typer.Option("--q", help="Part of the candidate's name or of the session's id.")]
State = Annotated[
    Literal["pending", "running", "completed", "failed", "cancelled"] | None,
    typer.Option("--state", help="Only sessions in this state."),
]
ReviewState = Annotated[
    Literal["open", "decided", "contested"] | None,
    typer.Option("--review", help="Only sessions with this state of decision."),
]


def filters(q: str, state: str | None, review: str | None, job: str) -> Filters:
    """Which sessions are wanted."""
    return {"q": q, "state": state or "", "review_state": review or "", "job_id": job}


@contextmanager
def connected(url: str, api_key: str, patience_s: float = PATIENCE_S) -> Iterator[InterviewClient]:
    """The client; its errors end the command with their message and code 1."""
    try:
        with InterviewClient(url, api_key or None, patience_s=patience_s, organisation=acting_for.get()) as client:
            yield client
    except InterviewError as error:
        print_line(Console(stderr=True), f"Error: {cleaned(error.message)}")
        raise typer.Exit(1) from None


def reviewer_name(client: InterviewClient, given: str) -> str:
    """Who looks or decides: who is signed in, or else who is named."""
    name = client.me().name or given.strip()
    if not name:
        raise typer.BadParameter("Give your name with --reviewer: who looks and who decides is recorded.")
    return name


def console(json_file: str = "") -> Console:
    """Where people read: standard error when standard output belongs to the JSON."""
    return Console(stderr=json_file == "-", highlight=False)
