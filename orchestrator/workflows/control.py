"""Starting, stopping and waiting for workflows, for those outside of them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import Priority, WorkflowIDConflictPolicy
from temporalio.service import RPCError, RPCStatusCode

from orchestrator.settings import ApiSettings
from orchestrator.settled import kept_days
from orchestrator.temporal import connect
from orchestrator.workflows.closure import ErasureWorkflow
from orchestrator.workflows.inputs import ErasureInput, SessionInput, translation_workflow_id
from orchestrator.workflows.session import SessionWorkflow
from orchestrator.workflows.translation import TranslationWorkflow
from servicekit.errors import upstream_down

KEY_LENGTH = 32
"""Of a fairness key, which the engine takes up to 64 bytes of."""

START_TIMEOUT = timedelta(seconds=5)
"""Of one start: who submits a session waits no longer for an engine that is away, and the start is owed."""


class WorkflowControl:
    """The workflows of sessions by session id. Every method raises UPSTREAM_DOWN while the engine is away."""

    def __init__(self, settings: ApiSettings) -> None:
        """Connect to nothing yet; `load` does."""
        self._settings = settings
        self._client: Client

    async def load(self) -> None:
        """Connect to Temporal, waiting until it is there."""
        self._client = await connect(self._settings)

    async def start_session(
        self, session_id: str, answer_count: int, owner: str, retention_days: float | None = None
    ) -> None:
        """Start a session's workflow unless it runs. One that has ended may be followed by another: of a session under
        the id of a deleted one, or of one that goes on; the rows say what there is to do.

        Where work waits, owners take turns: whoever submits hundreds of sessions does not keep the others waiting.
        Results are kept for `retention_days`, or as long as the settings allow if that is shorter or none are given.
        """
        retention = timedelta(days=kept_days(retention_days, self._settings.retention_days))
        with _engine():
            await self._client.start_workflow(
                SessionWorkflow.run,
                SessionInput(session_id, answer_count, retention.total_seconds()),
                id=f"session-{session_id}",
                task_queue=self._settings.task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                priority=turn(owner),
                rpc_timeout=START_TIMEOUT,
            )

    async def runs(self, session_id: str) -> bool:
        """Whether a session has a workflow that has not ended."""
        return await self._is_open(f"session-{session_id}")

    async def translates(self, session_id: str) -> bool:
        """Whether something makes a session's translations."""
        return await self._is_open(translation_workflow_id(session_id))

    async def _is_open(self, workflow_id: str) -> bool:
        with _engine(unless_gone=True):
            found = await self._client.get_workflow_handle(workflow_id).describe(rpc_timeout=START_TIMEOUT)
            return found.status == WorkflowExecutionStatus.RUNNING
        return False

    async def start_translations(self, session_id: str) -> None:
        """Start what makes the translations of a session, or have it look again."""
        with _engine():
            await self._client.start_workflow(
                TranslationWorkflow.run,
                session_id,
                id=translation_workflow_id(session_id),
                task_queue=self._settings.task_queue,
                start_signal="look",
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )

    async def cancel_session(self, session_id: str) -> None:
        """Ask a session's workflow to stop, and give it a moment."""
        await self._cancel(f"session-{session_id}")

    async def cancel_translations(self, session_id: str) -> None:
        """Ask what makes a session's translations to stop, and give it a moment."""
        await self._cancel(translation_workflow_id(session_id))

    async def erase(self, session_id: str) -> int:
        """Stop a session and delete everything of it; returns how many objects there were once that is done."""
        with _engine():
            deleted = await self._client.execute_workflow(
                ErasureWorkflow.run,
                ErasureInput(session_id),
                id=f"erase-{session_id}",
                task_queue=self._settings.task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
        return deleted

    async def _cancel(self, workflow_id: str) -> None:
        handle = self._client.get_workflow_handle(workflow_id)
        with _engine(unless_gone=True):
            await handle.cancel()
            try:
                async with asyncio.timeout(self._settings.drain_timeout_s):
                    await handle.result()
            except TimeoutError:
                return  # it still winds down; watchers see when it has ended


def turn(owner: str) -> Priority:
    """Whose turn a session's tasks take: a key that tells owners apart and names nobody."""
    return Priority(fairness_key=hashlib.sha256(owner.encode()).hexdigest()[:KEY_LENGTH])


@contextmanager
def _engine(unless_gone: bool = False) -> Iterator[None]:
    try:
        yield
    except RPCError as error:
        if not (unless_gone and error.status == RPCStatusCode.NOT_FOUND):
            raise upstream_down("The workflow engine") from error
