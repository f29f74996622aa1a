"""A person's part: look, decide, invite."""

from __future__ import annotations

from typing import Annotated, Literal, cast, get_args

import typer

from interview_client.cli.options import (
    AnswerNumber,
    ApiKey,
    Consent,
    Policy,
    Reviewer,
    Rubric,
    SessionId,
    Url,
    connected,
    console,
    reviewer_name,
)
from interview_client.client import DEFAULT_URL
from interview_client.errors import InterviewError
from interview_client.models import Session, Signal
from interview_client.progress import print_line
from interview_client.summary import answer_panel

app = typer.Typer()


@app.command()
def evidence(
    session_id: SessionId,
    answer: AnswerNumber,
    reviewer: Reviewer = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Look at an answer's evidence; this is recorded, and required before a decision."""
    with connected(url, api_key) as client:
        found = client.evidence(session_id, answer - 1, reviewer_name(client, reviewer))
        console().print(answer_panel(answer, found, None))


@app.command()
def review(
    session_id: SessionId,
    decision: Annotated[Literal["pass", "consider", "fail"], typer.Option("--decision", help="Your decision.")],
    reason: Annotated[str, typer.Option("--reason", help="What in the answers led to the decision.")],
    reviewer: Reviewer = "",
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Record your decision about a candidate."""
    with connected(url, api_key) as client:
        name = reviewer_name(client, reviewer)
        try:
            decided = client.review(session_id, decision, reason, name)
        except InterviewError as error:
            raise explained_refusal(error, session_id) from None
        print_line(console(), _told(decided, decision, name))


@app.command()
def link(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The candidate's name.")],
    question: Annotated[list[str], typer.Option("--question", "-q", help="Question; one for each recording.")],
    language: Annotated[Literal["en", "id"], typer.Option("--language", "-l", help="Spoken language.")],
    policy: Policy = "",
    rubric: Rubric = "",
    consent: Consent = "",
    hours: Annotated[int, typer.Option("--hours", min=1, max=2160, help="How long the link is valid.")] = 72,
    audio_only: Annotated[bool, typer.Option("--audio-only", help="Sound alone is enough.")] = False,
    pauses: Annotated[int, typer.Option(min=0, max=10, help="How often each recording may be paused.")] = 0,
    signal: Annotated[
        list[str] | None,
        typer.Option("--signal", help=f"Noted while recording, several if repeated: {', '.join(get_args(Signal))}."),
    ] = None,
    url: Url = DEFAULT_URL,
    api_key: ApiKey = "",
) -> None:
    """Make a link through which a candidate submits their recordings once, and print it."""
    with connected(url, api_key) as client:
        made = client.make_link(
            name,
            question,
            language,
            policy=policy,
            rubric=rubric,
            consent_reference=consent,
            expires_hours=hours,
            audio_only=audio_only,
            pauses=pauses,
            signals=cast(list[Signal], signal or []),
        )
    typer.echo(made.url)
    ends = f"{made.expire_time.astimezone():%Y-%m-%d %H:%M}"
    follow = f"Follow it with: interview status {made.session_id}"
    typer.echo(f"For {name}, until {ends}. {follow}; end it with: interview links revoke {made.session_id}", err=True)


def explained_refusal(error: InterviewError, session_id: str) -> InterviewError:
    """The error, with how to go on where evidence was not looked at."""
    if error.reason != "EVIDENCE_NOT_OPENED":
        return error
    hint = f"Look at each answer with: interview evidence {session_id} ANSWER"
    return InterviewError(f"{error.message} {hint}", error.status, error.reason)


def _told(session: Session, decision: str, name: str) -> str:
    by = session.review.reviewer if session.review else name
    return f"{by} decided: {decision}. Session {session.session_id} is {session.review_state}."
