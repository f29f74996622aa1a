"""A session as Greenhouse is told of it: whether it is complete, and a score that says what it means."""

from __future__ import annotations

from collections.abc import Iterator

from interview.jobs.v1 import jobs_service_pb2 as jobs_pb
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.greenhouse.schemas import TestStatus
from gateway.published import Result
from servicekit.enums import short_name
from servicekit.scores.rounding import final, written

Value = str | int | float | bool
SCALE = "0 to 100, proposed by a program from what was said; a person decides"
_WORK = {
    pb.SESSION_STATE_FAILED: "failed",
    pb.SESSION_STATE_CANCELLED: "cancelled",
}


def invited_status(invitation: jobs_pb.Invitation) -> TestStatus:
    """Before anything was submitted."""
    name = short_name(jobs_pb.InvitationState.DESCRIPTOR, invitation.state).lower()
    return TestStatus(partner_status=name if name != "handed_in" else "processing")


def working_status(session: pb.Session) -> TestStatus:
    """Before there is a result, or without one."""
    return TestStatus(partner_status=_WORK.get(session.state, "processing"))


def complete_status(session: pb.Session, result: Result, profile_url: str) -> TestStatus:
    """With a result. Under blind review there is no score until somebody has decided."""
    hidden = session.blind and session.review_state == pb.REVIEW_STATE_OPEN
    total = None if hidden or result.decision_proposal.total is None else final(result.decision_proposal.total)
    return TestStatus(
        partner_status="complete",
        partner_profile_url=profile_url,
        partner_score=total,
        metadata=dict(_metadata(session, result, total, hidden)),
    )


def _metadata(session: pb.Session, result: Result, total: float | None, hidden: bool) -> Iterator[tuple[str, Value]]:
    proposal = result.decision_proposal
    low, high = proposal.total_low, proposal.total_high
    if total is not None:
        yield "Score", SCALE
        if low is not None and high is not None:
            yield (
                "Likely range",
                f"a person would most likely give {written(low)} to {written(high)}",
            )
    else:
        yield "Score", "not shown before a reviewer has decided" if hidden else "none: no answer could be scored"
    yield "Answers", len(result.content)
    yield "Submitted at", f"{session.create_time.ToDatetime():%Y-%m-%d %H:%M} UTC"
    yield "Decision", _decision(session)


def _decision(session: pb.Session) -> str:
    """What a person has decided; `open` before, and while the candidate objects."""
    if session.review_state != pb.REVIEW_STATE_DECIDED or not session.HasField("review"):
        return "open"
    return short_name(pb.Decision.DESCRIPTOR, session.review.decision).lower()
