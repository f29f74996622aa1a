"""A session that is deleted while its stages run: what they still write goes with it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from interview_client.verification import check_receipt
from orchestrator import artefacts
from orchestrator.activities.session import SessionActivities
from orchestrator.activities.stage import beating
from orchestrator.audit.chain.receipts import Receipts
from orchestrator.policies import policy
from orchestrator.sessions.store import SessionStore
from orchestrator.workflows import ErasureWorkflow, SessionWorkflow
from orchestrator.workflows.inputs import AnswerInput, ErasureInput, SessionInput, StageInput
from servicekit.media import Media, MediaStore
from tests.support.signing import signer
from tests.support.workflows import QUEUE, ToldActivities, engine, working
from tests.unit.orchestrator.sessions.test_store import row

SESSION = SessionInput(row().id, 1, 3600.0)
REAL = ("begin_session", "cancel_session", "stop_session", "erase_session", "watch")


class LateWriting:
    """A stage in the middle of its work when it is cancelled: it writes what it has before it ends."""

    def __init__(self, media: MediaStore) -> None:
        self.media, self.begun, self.ended = media, asyncio.Event(), asyncio.Event()

    @activity.defn(name="watch")
    async def watch(self, request: StageInput) -> Media:
        async with beating():
            self.begun.set()
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                await asyncio.sleep(0.5)
                await self.media.write(artefacts.answer_key(request.answer, artefacts.FACE), b"{}")
                self.ended.set()
                raise
        raise AssertionError("it is cancelled before")


@pytest.fixture
async def store(store: SessionStore) -> SessionStore:
    await store.create(row())
    return store


@pytest.fixture
async def temporal() -> AsyncIterator[Client]:
    async with engine() as client:
        yield client


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # the engine takes half a minute to forget
async def test_nothing_comes_back(temporal: Client, store: SessionStore, media: MediaStore) -> None:
    for name in ("upload/1", artefacts.SOUND):
        await media.write(artefacts.answer_key(AnswerInput(SESSION.session_id, 0), name), b"x")
    key, late, told = signer(), LateWriting(media), ToldActivities()
    session = SessionActivities(store, media, temporal, policy.load(), key)
    real: list[Any] = [
        session.begin_session,
        session.cancel_session,
        session.stop_session,
        session.erase_session,
        late.watch,
    ]
    async with working(temporal, [*told.all(without=REAL), *real]):
        timer = await temporal.start_workflow(
            ErasureWorkflow.run, ErasureInput(SESSION.session_id, 3600.0), id=f"retention-{SESSION.session_id}",
            task_queue=QUEUE,
        )  # fmt: skip
        workflow_id = f"session-{SESSION.session_id}"
        await temporal.start_workflow(SessionWorkflow.run, SESSION, id=workflow_id, task_queue=QUEUE)
        await late.begun.wait()
        deleted = await temporal.execute_workflow(
            ErasureWorkflow.run, ErasureInput(SESSION.session_id), id=f"erase-{SESSION.session_id}", task_queue=QUEUE
        )
        await late.ended.wait()
    await _gone(timer)  # nothing is left to wait for, and nothing to read about it
    assert deleted == 2  # video and sound, though they went when the session was cancelled
    assert await media.list("sessions") == []
    assert await store.get(SESSION.session_id) is None
    receipt = json.loads(await Receipts(store).find(SESSION.session_id))
    assert check_receipt(receipt, key.public_key).faults == []
    assert receipt["objects"]["count"] == 3  # what the late stage wrote is among them
    assert receipt["uploads"]["count"] == 1
    assert receipt["workflow_histories"]["count"] == 5  # of session, answer, timer, news and translations


async def _gone(workflow: WorkflowHandle[Any, Any]) -> None:
    """The engine deletes histories a little later."""
    while not await _forgotten(workflow):  # noqa: ASYNC110 - the engine tells nobody
        await asyncio.sleep(0.2)


async def _forgotten(workflow: WorkflowHandle[Any, Any]) -> bool:
    try:
        await workflow.describe()
    except RPCError as error:
        return error.status == RPCStatusCode.NOT_FOUND
    return False
