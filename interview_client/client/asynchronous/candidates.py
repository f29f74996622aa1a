"""The client's calls about a job's candidates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Unpack

from interview_client import calls
from interview_client.client.asynchronous.recruiting import AsyncRecruiting
from interview_client.models import CandidateFilters, CandidatePage, ListedCandidate


class AsyncCandidates(AsyncRecruiting):
    """Every method raises InterviewError with the server's own words."""

    async def candidates(
        self, job_id: str, page_size: int = 50, page_token: str = "", **filters: Unpack[CandidateFilters]
    ) -> CandidatePage:
        """A page of a job's candidates that fit, newest first unless said; `page_size` 1 to 200."""
        return await self._send(calls.candidates_call(job_id, page_size, page_token, filters))

    async def each_candidate(
        self, job_id: str, page_size: int = 100, **filters: Unpack[CandidateFilters]
    ) -> AsyncIterator[ListedCandidate]:
        """Every candidate of a job that fits, page after page as it is read."""
        page = await self.candidates(job_id, page_size, **filters)
        for candidate in page.candidates:
            yield candidate
        while page.next_page_token:
            page = await self.candidates(job_id, page_size, page.next_page_token, **filters)
            for candidate in page.candidates:
                yield candidate
