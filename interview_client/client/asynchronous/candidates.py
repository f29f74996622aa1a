"""The client's calls about a job's candidates and what people note on their sessions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Unpack

from interview_client import calls
from interview_client.calls import Call
from interview_client.client.asynchronous.recruiting import AsyncRecruiting
from interview_client.models import (
    CandidateFilters,
    CandidatePage,
    Comment,
    Letter,
    ListedCandidate,
    Scorecard,
    ScorecardRating,
    Scorecards,
    Session,
    SimilarAnswer,
)


class AsyncCandidates(AsyncRecruiting):
    """Every method raises InterviewError with the server's own words."""

    @abstractmethod
    async def _save(self, call: Call[bytes], path: Path) -> None:
        """Send a request and write its answer to a file."""

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

    async def set_shortlisted(self, session_id: str, shortlisted: bool, actor: str = "") -> Session:
        """Put a candidate on the shortlist or take them off it; with sign-in `actor` is who signed in."""
        return await self._send(calls.shortlist_call(session_id, shortlisted, actor))

    async def comments(self, session_id: str) -> tuple[Comment, ...]:
        """The comments on a session, oldest first."""
        return await self._send(calls.comments_call(session_id))

    async def add_comment(self, session_id: str, text: str, author: str = "") -> Comment:
        """Comment on a session, up to 4,000 characters; with sign-in the author is who signed in."""
        return await self._send(calls.add_comment_call(session_id, text, author))

    async def delete_comment(self, session_id: str, comment_id: str, actor: str = "") -> None:
        """Delete one's own comment; with the scope `admin` anybody's."""
        await self._send(calls.delete_comment_call(session_id, comment_id, actor))

    async def similar_answers(self, session_id: str) -> tuple[SimilarAnswer, ...]:
        """A session's answers that are nearly another candidate's of its job, with both quotes; for information."""
        return await self._send(calls.similar_answers_call(session_id))

    async def scorecards(self, session_id: str) -> Scorecards:
        """How people rate a session and how far they agree; nothing until a reviewer has recorded theirs."""
        return await self._send(calls.scorecards_call(session_id))

    async def rate(
        self, session_id: str, ratings: Sequence[ScorecardRating], recommendation: str, reason: str
    ) -> Scorecard:
        """Record one's own scorecard: every criterion of every usable answer, 1 to 5. It stays as it is.

        `recommendation` is `pass`, `consider` or `fail`; it decides nothing.
        """
        return await self._send(calls.rate_call(session_id, ratings, recommendation, reason))

    async def letter(self, session_id: str) -> Letter | None:
        """The letter to a candidate as it stands; None where nobody has drafted one."""
        return await self._send(calls.letter_call(session_id))

    async def draft_letter(
        self, session_id: str, language: str = "", author: str = "", name_points: bool = False
    ) -> Letter:
        """Compose the letter from the published result, signed by `author`; with sign-in that is who signed in.

        `language` is `en`, `id` or empty for the candidate's; `name_points`: name points of the model answer that were
        not taken up.
        """
        return await self._send(calls.draft_letter_call(session_id, language, author, name_points))

    async def edit_letter(self, session_id: str, text: str, revision: int, author: str = "") -> Letter:
        """Change the letter that was read as `revision`."""
        return await self._send(calls.edit_letter_call(session_id, text, revision, author))

    async def send_letter(self, session_id: str, way: str, revision: int, email: str = "", sender: str = "") -> Letter:
        """Send the letter by `mail`, to the invitation's address unless one is given, or record it as `by_hand`."""
        return await self._send(calls.send_letter_call(session_id, way, revision, email, sender))

    async def save_letter(self, session_id: str, path: Path) -> None:
        """Write the letter as a PDF."""
        await self._save(calls.letter_pdf_call(session_id), path)
