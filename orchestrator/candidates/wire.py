"""From candidates to the messages of `JobsService`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.candidates.store import CandidatesFound
from orchestrator.wire import message
from servicekit.enums import number_of


def candidate_message(row: Mapping[str, Any]) -> pb.Candidate:
    """One candidate; without a result that was read, neither a proposal nor findings."""
    read = bool(row["outcome"])
    counts = {name: row[f"{name}_findings"] for name in ("info", "review", "serious")}
    return message(
        pb.Candidate,
        row,
        session_id=row["id"],
        outcome=number_of(pb.Outcome.DESCRIPTOR, row["outcome"]) if read else pb.OUTCOME_UNSPECIFIED,
        findings=pb.FindingCounts(**counts) if read else None,
    )


def candidates_message(found: CandidatesFound) -> pb.ListCandidatesResponse:
    """A page of candidates."""
    return pb.ListCandidatesResponse(
        candidates=map(candidate_message, found.rows),
        next_page_token=found.token,
        fitting=found.fitting,
        totals=pb.TotalCounts(steps=found.steps, not_scored=found.not_scored),
    )
