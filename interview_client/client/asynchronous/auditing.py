"""The audit chain and receipts of deletions."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any

from interview_client import calls
from interview_client.calls import Call
from interview_client.client.asynchronous.candidates import AsyncCandidates


class AsyncAuditing(AsyncCandidates):
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
