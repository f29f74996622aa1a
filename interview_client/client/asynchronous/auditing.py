"""The audit chain and receipts of deletions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from interview_client import calls
from interview_client.calls import Call
from interview_client.client.asynchronous.settling import AsyncSettling
from interview_client.errors import InterviewError


class AsyncAuditing(AsyncSettling):
    """What an auditor takes away; `interview_client.verification` checks it."""

    @abstractmethod
    async def _save(self, call: Call[bytes], path: Path) -> None:
        """Send a request and write its answer to a file."""

    async def save_audit_chain(self, path: Path) -> None:
        """Write the whole audit chain to a file, a JSON object a line, with its head signed now."""
        await self._save(calls.audit_chain_call(), path)

    async def anchor_audit_chain(self) -> dict[str, Any]:
        """Sign the head of the audit chain as it is now."""
        return await self._send(calls.anchor_call())

    async def receipt(self, session_id: str) -> dict[str, Any]:
        """The signed receipt of a deleted session. InterviewError 404 where none was deleted."""
        return await self._send(calls.receipt_call(session_id))

    async def impact(self, job_id: str) -> dict[str, Any]:
        """How groups fare in a job: rates, impact ratios and tests. InterviewError 400 where the job asks for none."""
        return await self._send(calls.impact_call(job_id))

    async def save_impact(self, job_id: str, path: Path, language: str = "en") -> None:
        """Write the same to a file: JSON, CSV or PDF by the ending of its name. InterviewError for another ending."""
        if path.suffix.lower() not in calls.IMPACT:
            raise InterviewError("The name must end in .json, .csv or .pdf.")
        await self._save(calls.impact_file_call(job_id, path.suffix.lower(), language), path)

    async def group_questions(self, job_id: str) -> dict[str, Any]:
        """What a job asks of its candidates' groups: `characteristics`."""
        return await self._send(calls.group_questions_call(job_id))

    async def ask_groups(self, job_id: str, characteristics: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Set that: a `name` alone stands for `sex`, `race_ethnicity` or `age_band`; nothing deletes the answers."""
        return await self._send(calls.ask_groups_call(job_id, characteristics))

    async def reasons(self, session_id: str) -> dict[str, Any]:
        """The reasons of a session's decisions, deleted or not: `reasons`, each with what seals it in the chain."""
        return await self._send(calls.reasons_call(session_id))

    async def save_personal_data(self, session_id: str, path: Path) -> None:
        """Write everything that is held about the person of a session to a zip file with a manifest."""
        await self._save(calls.personal_data_call(session_id), path)
