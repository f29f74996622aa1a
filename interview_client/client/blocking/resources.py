# Generated from ../asynchronous/ by `make generate`. Never edited.
"""The client's calls that are one request and one answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Unpack

from interview_client import calls
from interview_client.client.blocking.auditing import SyncAuditing
from interview_client.models import (
    AssessedAnswer,
    Audit,
    Delivery,
    DeliveryPage,
    Filters,
    Finding,
    Link,
    LinkOptions,
    LinkPage,
    ListedLink,
    Me,
    Override,
    Policy,
    Rubric,
    Session,
    SessionPage,
    Status,
    Translation,
)


class Resources(SyncAuditing):
    """Every method raises InterviewError with the server's own words."""

    def status(self, session_id: str) -> Status:
        """Where a session stands."""
        return self._send(calls.status_call(session_id))

    def session(self, session_id: str) -> Session:
        """A session as recorded."""
        return self._send(calls.session_call(session_id))

    def sessions(self, page_size: int = 50, page_token: str = "", **filters: Unpack[Filters]) -> SessionPage:
        """A page of sessions that fit, newest first; `page_size` 1 to 200."""
        return self._send(calls.sessions_call(page_size, page_token, filters))

    def each_session(self, page_size: int = 100, **filters: Unpack[Filters]) -> Iterator[Session]:
        """Every session that fits, newest first, page after page as it is read."""
        page = self.sessions(page_size, **filters)
        for session in page.sessions:
            yield session
        while page.next_page_token:
            page = self.sessions(page_size, page.next_page_token, **filters)
            for session in page.sessions:
                yield session

    def save_sessions(self, path: Path, **filters: Unpack[Filters]) -> None:
        """Write every session that fits to a CSV file, newest first."""
        self._save(calls.sessions_csv_call(filters), path)

    def cancel(self, session_id: str) -> Session:
        """Stop a session that has not ended."""
        return self._send(calls.cancel_call(session_id))

    def retry(self, session_id: str, index: int) -> Session:
        """Run an answer again whose stages failed, as long as its recording is kept; `index` from 0.

        This starts it and does not wait; the result is published again when it is ready.
        """
        return self._send(calls.retry_call(session_id, index))

    def delete(self, session_id: str) -> int:
        """Delete everything that is stored of a session; returns how many objects that were."""
        return self._send(calls.delete_call(session_id))

    def results(self, session_id: str) -> dict[str, Any]:
        """The result of a session, as JSON. InterviewError 404 until there is one."""
        return self._send(calls.results_call(session_id))

    def answers(self, session_id: str) -> tuple[AssessedAnswer, ...]:
        """Every answer of a session and, once there is a result, what was made of it."""
        return self._send(calls.answers_call(session_id))

    def answer(self, session_id: str, index: int) -> AssessedAnswer:
        """One answer of a session; `index` from 0."""
        return self._send(calls.answer_call(session_id, index))

    def findings(self, session_id: str, severity: str = "", type: str = "") -> tuple[Finding, ...]:
        """The moments of all answers to look at; `severity` is `info`, `review` or `serious`, empty for all."""
        return self._send(calls.findings_call(session_id, severity, type))

    def transcript(self, session_id: str, index: int, format: str = "txt", language: str = "") -> str:
        """What was said in one answer, as `vtt`, `srt` or `txt`; `index` from 0, `language` `en`, `id` or as spoken."""
        return self._send(calls.transcript_call(session_id, index, format, language))

    def save_recording(self, session_id: str, index: int, path: Path) -> None:
        """Write what a candidate recorded as MP4, if the policy keeps it; `index` from 0. It is recorded who does."""
        self._save(calls.recording_call(session_id, index), path)

    def translate(self, session_id: str, index: int) -> Translation:
        """One answer in the other language; `index` from 0.

        Where it is not there it is made, which this starts and does not wait for: the answer's stage `translate` says
        how far that is.
        """
        return self._send(calls.translation_call(session_id, index))

    def save_report(self, session_id: str, path: Path, language: str = "") -> None:
        """Write the assessment as a PDF, in `en`, `id` or the session's language."""
        self._save(calls.report_call(session_id, language), path)

    def artefact(self, session_id: str, name: str) -> bytes:
        """A still (JPEG) or a timeline (JSON) by the name that the result gives it, such as `0/timeline.json`."""
        return self._send(calls.artefact_call(session_id, name))

    def evidence(self, session_id: str, index: int, reviewer: str = "") -> dict[str, Any]:
        """One answer's block of the result; that `reviewer` looked is recorded. With sign-in the name is theirs."""
        return self._send(calls.evidence_call(session_id, index, reviewer))

    def review(
        self, session_id: str, decision: str, reason: str, reviewer: str, overrides: Sequence[Override] = ()
    ) -> Session:
        """Record a person's decision: `pass`, `consider` or `fail`. They must have opened every answer's evidence."""
        return self._send(calls.review_call(session_id, decision, reason, reviewer, overrides))

    def contest(self, session_id: str, actor: str, objection: str) -> Session:
        """Record a candidate's objection; `actor` is who records it."""
        return self._send(calls.contest_call(session_id, actor, objection))

    def audit(self, session_id: str) -> Audit:
        """What was done to a session, and every decision."""
        return self._send(calls.audit_call(session_id))

    def make_link(
        self, candidate_name: str, questions: Sequence[str], language: str, **options: Unpack[LinkOptions]
    ) -> Link:
        """Make a link under which a candidate hands in one recording for each question, once."""
        return self._send(calls.make_link_call(candidate_name, questions, language, options))

    def links(self, page_size: int = 50, page_token: str = "") -> LinkPage:
        """A page of the links that were made, newest first; `page_size` 1 to 200."""
        return self._send(calls.links_call(page_size, page_token))

    def each_link(self, page_size: int = 100) -> Iterator[ListedLink]:
        """Every link that was made, newest first, page after page as it is read."""
        page = self.links(page_size)
        for link in page.links:
            yield link
        while page.next_page_token:
            page = self.links(page_size, page.next_page_token)
            for link in page.links:
                yield link

    def revoke_link(self, session_id: str) -> ListedLink:
        """End the link of a session that is to come; what was handed in under it stays."""
        return self._send(calls.revoke_link_call(session_id))

    def deliveries(
        self, session_id: str = "", job_id: str = "", state: str = "", page_size: int = 50, page_token: str = ""
    ) -> DeliveryPage:
        """A page of deliveries of webhooks of the last 30 days, newest first; `state` as they have it."""
        return self._send(calls.deliveries_call(session_id, job_id, state, page_size, page_token))

    def resend_delivery(self, delivery_id: str) -> Delivery:
        """Send a webhook again: the same body with a new signature."""
        return self._send(calls.resend_delivery_call(delivery_id))

    def policies(self) -> tuple[Policy, ...]:
        """Policies that a submission can name."""
        return self._send(calls.policies_call())

    def rubrics(self) -> tuple[Rubric, ...]:
        """Rubrics that a submission can name."""
        return self._send(calls.rubrics_call())

    def me(self) -> Me:
        """Who one is signed in as."""
        return self._send(calls.me_call())
