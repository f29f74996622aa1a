"""The real workflows on a workflow engine of the test's own, over activities that only say what they were asked."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterable
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

from orchestrator.worker import working as together
from orchestrator.workflows import WORKFLOWS_OF
from orchestrator.workflows.inputs import (
    AnswerFiles,
    AnswerInput,
    Begun,
    ErasureInput,
    JudgeInput,
    Prepared,
    PrepareInput,
    PublishInput,
    SessionInput,
    StageFailure,
    StageInput,
    TranslationsEnd,
)
from orchestrator.workflows.queues import QUEUES, queue_name
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
    "begin_session": (str, Begun | None, Begun(True)),
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
    "next_playback": (str, AnswerInput | None),
    "make_playback": (AnswerInput, None),
    "give_up_playback": (AnswerInput, None),
    "retention_left": (ErasureInput, float, 0.0),
    "stop_session": (str, int | None, 0),
    "erase_session": (str, int, 0),
}
"""What each activity takes, gives, and gives here."""


class ToldActivities:
    """Activities by their names; `told` is what was asked, in order, and `requests` with what.

    `waiting` are the answers that `next_translation` gives out, `unplayed` those of `next_playback`. Activities in
    `failing` fail for good, those in `failing_once` the first time; those in `held` stay until they are cancelled
    or let go with `go_on`. The `slow` ones need a while to end once they are cancelled, the `deaf` ones never hear
    of it. `results` replace the usual ones.
    """

    def __init__(self) -> None:
        self.told: list[str] = []
        self.requests: list[tuple[str, Any]] = []
        self.waiting: list[int] = []
        self.unplayed: list[int] = []
        self.failing: set[str] = set()
        self.failing_once: set[str] = set()
        self.held: set[str] = set()
        self.slow: set[str] = set()
        self.deaf: set[str] = set()
        self.results: dict[str, Any] = {}
        self.left_s: list[float] = []
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
        once = name in self.failing_once
        self.failing_once.discard(name)
        if name in self.failing or once:
            raise ApplicationError("It does not work.", type="UPSTREAM_DOWN", non_retryable=True)
        beat = None if name in self.deaf else asyncio.create_task(_beats())
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: name not in self.held)
        except asyncio.CancelledError:
            if name in self.slow:
                await asyncio.sleep(0.5)
                self.told.append(f"{name} has ended")
            raise
        finally:
            if beat is not None:
                beat.cancel()

    def all(self, without: Collection[str] = ()) -> list[Callable[..., Any]]:
        """Every activity that the workflows call, but for those that somebody else does."""
        return [self._activity(name, *signature) for name, signature in SIGNATURES.items() if name not in without]

    def _activity(self, name: str, takes: Any, gives: Any, result: Any = None) -> Callable[..., Any]:
        async def does(request: Any) -> Any:
            await self._do(name, request)
            if name == "retention_left":
                return self.left_s.pop(0) if self.left_s else 0.0
            queues = {"next_translation": self.waiting, "next_playback": self.unplayed}
            return _next(queues[name]) if name in queues else self.results.get(name, result)

        does.__annotations__ = {"request": takes, "return": gives}
        return activity.defn(name=name)(does)


@asynccontextmanager
async def engine(*settings: str) -> AsyncIterator[Client]:
    """A workflow engine on a free port, gone afterwards; `settings` are `name=value` of its dynamic configuration."""
    program = Path(sys.executable).parent / "temporal"
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program),
        ui=False,
        dev_server_log_level="error",
        identity="test",
        dev_server_startup_timeout=PATIENCE,
        dev_server_extra_args=[f"--dynamic-config-value={one}" for one in ("matching.autoEnableV2=true", *settings)],
    ) as started:
        yield started.client


@asynccontextmanager
async def working(client: Client, activities: Iterable[Callable[..., Any]], slots: int = 100) -> AsyncIterator[None]:
    """Workers of every queue, with every workflow and these activities, so many of them at the same time in each."""
    found = list(activities)
    workers = [
        Worker(
            client,
            task_queue=queue_name(QUEUE, queue),
            workflows=WORKFLOWS_OF.get(queue, []),
            activities=found,
            workflow_runner=RUNNER,
            identity="test",
            max_concurrent_activities=slots,
            max_heartbeat_throttle_interval=timedelta(seconds=0.2),
        )
        for queue in QUEUES
    ]
    async with together(workers):
        yield


def _next(waiting: list[int]) -> AnswerInput | None:
    return AnswerInput(SESSION_ID, waiting.pop(0)) if waiting else None


async def _beats() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(0.2)
