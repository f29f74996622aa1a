"""Candidates to and from the orchestrator's messages."""

from __future__ import annotations

from interview.jobs.v1 import jobs_service_pb2 as pb

from gateway.candidates import schemas
from gateway.wire import body


def candidate_body(candidate: pb.Candidate) -> schemas.Candidate:
    """A candidate in a line."""
    made = {} if candidate.outcome else {"outcome": None}
    return body(schemas.Candidate, candidate, **made)


def page_body(page: pb.ListCandidatesResponse) -> schemas.CandidatePage:
    """The body of `/v1/jobs/{job_id}/candidates`."""
    return body(schemas.CandidatePage, page, candidates=[candidate_body(found) for found in page.candidates])
