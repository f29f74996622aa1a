"""Histories of this version's workflows, recorded from real runs: `python -m tests.support.histories FOLDER`.

Run it before a change of the workflows into a folder of its own under `tests/testdata/histories`; what is recorded must
replay after the change, since sessions that are open while a new version comes go on under it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from orchestrator.workflows import ErasureWorkflow, SessionWorkflow
from orchestrator.workflows.inputs import ErasureInput, SessionInput
from tests.support.workflows import QUEUE, SESSION_ID, ToldActivities, engine, working

SESSION = SessionInput(SESSION_ID, 2, 3600.0)


async def record(folder: Path) -> None:
    """Write one file a workflow and a place where it can stand, into a folder that is there."""
    async with engine() as client:
        for held in ("evaluate", "publish"):
            async with _held(client, held):
                await _write(client, f"session-{SESSION_ID}", folder / f"session-{held}.json")
                await _write(client, f"answer-{SESSION_ID}-0", folder / f"answer-{held}.json")
        async with _held(client, "watch", "transcribe"):
            handle = client.get_workflow_handle(f"session-{SESSION_ID}")
            await handle.cancel()
            await handle.result()
            await _write(client, f"session-{SESSION_ID}", folder / "session-cancelled.json")
            await _write(client, f"answer-{SESSION_ID}-0", folder / "answer-cancelled.json")
        async with _held(client, "translate_answer", waiting=[0, 1]):
            await client.get_workflow_handle(f"session-{SESSION_ID}").result()
            await _write(client, f"session-{SESSION_ID}", folder / "session-completed.json")
            await _write(client, f"translation-{SESSION_ID}", folder / "translation-translate_answer.json")
            await _write(client, f"retention-{SESSION_ID}", folder / "retention-waiting.json")
        told = ToldActivities()
        told.left_s = [0.2]
        async with working(client, told.all()):
            await client.execute_workflow(
                ErasureWorkflow.run, ErasureInput(SESSION_ID, 0.1), id=f"erase-{SESSION_ID}", task_queue=QUEUE
            )
            await _write(client, f"erase-{SESSION_ID}", folder / "retention-completed.json")


@asynccontextmanager
async def _held(client: Client, *names: str, waiting: list[int] | None = None) -> AsyncIterator[None]:
    """A session that has come to these activities; all of it is gone afterwards."""
    told = ToldActivities()
    told.held, told.waiting = {*names}, waiting or []
    async with working(client, told.all()):
        workflow_id = f"session-{SESSION_ID}"
        await client.start_workflow(SessionWorkflow.run, SESSION, id=workflow_id, task_queue=QUEUE)
        for name in names:
            await told.until(name)
        yield
        for name in ("session", "translation", "retention"):
            with suppress(RPCError):  # it has ended, or never began
                await client.get_workflow_handle(f"{name}-{SESSION_ID}").terminate()


async def _write(client: Client, workflow_id: str, path: Path) -> None:
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    await asyncio.to_thread(path.write_text, history.to_json() + "\n")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(record(target))
