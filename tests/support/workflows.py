"""The real workflows on a workflow engine of the test's own, over activities that only say what they were asked."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from orchestrator.workflows import WORKFLOWS
from orchestrator.workflows.inputs import (
    AnswerFiles,
    AnswerInput,
    JudgeInput,
    Prepared,
    PrepareInput,
    PublishInput,
    SessionInput,
    StageFailure,
    StageInput,
    TranslationsEnd,
)
from servicekit.media import Media

QUEUE = "tests"
PATIENCE = timedelta(hours=1)
"""Where the engine asks for a limit: longer than the suite's own."""
SESSION_ID = "0" * 32
FILE = Media("file:///objects/x", 1, "0" * 64)
RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules("orchestrator", "servicekit")
)
SIGNATURES: dict[str, tuple[Any, ...]] = {
    "begin_session": (str, None),
    "fetch": (AnswerInput, Media, FILE),
    "prepare": (PrepareInput, Prepared, Prepared(FILE, FILE, 20.0)),
    "transcribe": (StageInput, Media, FILE),
    "watch": (StageInput, Media, FILE),
    "listen": (StageInput, Media, FILE),
    "evaluate": (JudgeInput, Media | None, FILE),
    "translate": (JudgeInput, Media | None, FILE),
    "fail_stage": (StageFailure, None),
    "fuse": (AnswerFiles, Media, FILE),
    "clean_up": (AnswerInput, None),
    "summarize": (PublishInput, Media | None, FILE),
    "publish": (PublishInput, None),
    "cancel_session": (SessionInput, None),
    "fail_session": (SessionInput, None),
    "notify": (str, None),
    "next_translation": (str, AnswerInput | None),
    "translate_answer": (AnswerInput, None),
    "complete_result": (str, None),
    "end_translations": (TranslationsEnd, None),
}
"""What each activity takes, gives, and gives here."""


class ToldActivities:
    """Activities by their names; `told` is what was asked, in order, and `requests` with what.

    `waiting` are the answers that `next_translation` gives out. Activities in `failing` fail for good, those in `held`
    stay until they are cancelled or let go with `go_on`.
    """

    def __init__(self) -> None:
        self.told: list[str] = []
        self.requests: list[tuple[str, Any]] = []
        self.waiting: list[int] = []
        self.failing: set[str] = set()
        self.held: set[str] = set()
        self._changed = asyncio.Condition()

    async def until(self, name: str) -> None:
        """Wait until an activity was asked for."""
        async with self._changed:
            await self._changed.wait_for(lambda: name in self.told)

    async def go_on(self, name: str) -> None:
        """Let go of what is held under this name."""
        async with self._changed:
            self.held.discard(name)
            self._changed.notify_all()

    async def _do(self, name: str, request: Any) -> None:
        async with self._changed:
            self.told.append(name)
            self.requests.append((name, request))
            self._changed.notify_all()
        if name in self.failing:
            raise ApplicationError("It does not work.", type="UPSTREAM_DOWN", non_retryable=True)
        beat = asyncio.create_task(_beats())
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: name not in self.held)
        finally:
            beat.cancel()

    def all(self) -> list[Callable[..., Any]]:
        """Every activity that the workflows call."""
        return [self._activity(name, *signature) for name, signature in SIGNATURES.items()]

    def _activity(self, name: str, takes: Any, gives: Any, result: Any = None) -> Callable[..., Any]:
        async def does(request: Any) -> Any:
            await self._do(name, request)
            return self._next() if name == "next_translation" else result

        does.__annotations__ = {"request": takes, "return": gives}
        return activity.defn(name=name)(does)

    def _next(self) -> AnswerInput | None:
        return AnswerInput(SESSION_ID, self.waiting.pop(0)) if self.waiting else None


@asynccontextmanager
async def engine() -> AsyncIterator[Client]:
    """A workflow engine on a free port, gone afterwards."""
    program = Path(sys.executable).parent / "temporal"
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program),
        ui=False,
        dev_server_log_level="error",
        identity="test",
        dev_server_startup_timeout=PATIENCE,
    ) as started:
        yield started.client


@asynccontextmanager
async def working(client: Client, activities: Iterable[Callable[..., Any]]) -> AsyncIterator[None]:
    """A worker with every workflow and these activities."""
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=WORKFLOWS,
        activities=list(activities),
        workflow_runner=RUNNER,
        identity="test",
    ):
        yield


async def _beats() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(0.2)
