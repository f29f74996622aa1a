"""A job's candidates over gRPC."""

from __future__ import annotations

from typing import Any

from interview.jobs.v1 import jobs_service_pb2 as pb

from orchestrator.candidates.filters import candidate_filter
from orchestrator.candidates.order import order
from orchestrator.candidates.store import CandidateStore
from orchestrator.candidates.wire import candidates_message
from orchestrator.jobs.store import JobStore
from orchestrator.sessions.request import page_size


class CandidateCalls:
    """Lists those who have handed in."""

    def __init__(self, candidates: CandidateStore, jobs: JobStore) -> None:
        """Candidates of these jobs."""
        self._candidates, self._jobs = candidates, jobs

    async def ListCandidates(self, request: pb.ListCandidatesRequest, context: Any) -> pb.ListCandidatesResponse:
        """A page of a job's candidates."""
        size, wanted, by = page_size(request.page_size), candidate_filter(request), order(request)
        await self._jobs.get(request.job_id, request.owner)
        return candidates_message(await self._candidates.page(size, request.page_token, wanted, by))
