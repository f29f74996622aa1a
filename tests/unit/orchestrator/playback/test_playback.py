"""Which copies are made, until when each can be played, and that those whose time is over are gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator import artefacts
from orchestrator.activities.playback import PlaybackActivities
from orchestrator.activities.recording import RecordingActivities
from orchestrator.activities.session import SessionActivities
from orchestrator.audit.store import AuditStore
from orchestrator.audit.tables import AuditAction, audit_row
from orchestrator.database import open_engine
from orchestrator.download.downloader import Downloader
from orchestrator.policies import policy
from orchestrator.policies import store as policy_store
from orchestrator.policies.policy import Policy
from orchestrator.reviews.service import Reviews
from orchestrator.sessions.states import AnswerState, PlaybackState, SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.wire import session_message
from orchestrator.settings import DatabaseSettings, WorkerSettings
from orchestrator.sweep import Sweep
from orchestrator.workflows.inputs import AnswerInput, SessionInput, playback_workflow_id
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support.media import write_video
from tests.support.signing import signer
from tests.unit.orchestrator.sessions.test_store import row
from tests.unit.orchestrator.sessions.test_sweep import LONG, NOW, Engine

ID = row().id
ANSWER = AnswerInput(ID, 0)
KEY = f"sessions/{ID}/0/{artefacts.PLAYBACK}"
POLICIES = policy.load()
BY_DAYS = POLICIES["playback"].model_copy(update={"name": "days", "keep_recordings": 3.0, "sha256": "d" * 64})


class System:
    """A published session whose recording is still to be copied."""

    def __init__(self, store: SessionStore, media: MediaStore) -> None:
        self.store, self.media, self.engine = store, media, Engine()
        self.playback = PlaybackActivities(store, media, POLICIES | {"days": BY_DAYS})
        self.recording = RecordingActivities(store, media, Downloader(WorkerSettings()), 60.0, at_once=1)
        self.sweep = Sweep(store, media, cast(Any, self.engine), "tests")

    async def submit(self, followed: Policy, tmp_path: Path) -> None:
        session = row()
        session.policy, session.policy_sha256 = followed.name, followed.sha256
        session.answers[0].playback_state = PlaybackState.PENDING if followed.keeps_recordings else ""
        session.answers[0].state = AnswerState.COMPLETED
        await policy_store.keep(self.store, followed)
        await self.store.create(session)
        video = await asyncio.to_thread(write_video, tmp_path / "a.webm", 1.0)
        await self.store.set_media(ID, 0, await self.media.write_file(f"sessions/{ID}/0/upload/1", video))
        await self.store.set_recording_end(ID, 0, datetime.now(UTC))

    async def publish(self) -> None:
        result = json.dumps({"decision_proposal": {"outcome": "pass"}}).encode()
        written = await self.media.write(f"results/{ID}.json", result)
        await self.store.publish(ID, SessionState.COMPLETED, "", written, timedelta(days=30))

    async def make(self) -> None:
        await ActivityEnvironment().run(self.playback.make_playback, ANSWER)
        await self.recording.clean_up(ANSWER)

    async def decide(self) -> None:
        await AuditStore(self.store).add(audit_row(ID, "Rina", AuditAction.EVIDENCE_OPENED, answer_index=0))
        review = pb.Review(reviewer="Rina", decision=pb.DECISION_PASS, reason="Good.")
        await Reviews(self.store, self.media).record(await self.store.existing(ID), review)

    async def told(self) -> pb.Playback:
        return session_message(await self.store.existing(ID)).answers[0].playback

    async def files(self) -> list[str]:
        return [key.removeprefix(f"sessions/{ID}/0/") for key in await self.media.list("sessions")]


@pytest.fixture
async def system(database: DatabaseSettings, object_store: StoreSettings) -> AsyncIterator[System]:
    store = SessionStore(open_engine(database))
    yield System(store, MediaStore(object_store))
    await store.close()


async def test_a_recording_waits_for_its_copy_and_then_goes(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.recording.clean_up(ANSWER)  # of the answer, before the result
    assert await system.files() == ["upload/1"]
    assert await system.playback.next_playback(ID) is None
    await system.publish()
    assert await system.playback.next_playback(ID) == ANSWER
    await system.make()
    assert await system.files() == [artefacts.PLAYBACK]
    assert await system.playback.next_playback(ID) is None
    told = await system.told()
    assert (told.state, told.content_type) == (pb.PLAYBACK_STATE_READY, "video/mp4")
    assert len(await system.media.read(told.media.uri)) == told.media.size_bytes
    assert not told.HasField("expire_time")
    await system.make()  # a try that nobody heard of
    assert (await system.told()).media == told.media


async def test_without_it_a_recording_goes_at_once(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["default"], tmp_path)
    await system.recording.clean_up(ANSWER)
    await system.publish()
    assert await system.files() == []
    assert await system.playback.next_playback(ID) is None
    assert not session_message(await system.store.existing(ID)).answers[0].HasField("playback")


async def test_a_decision_ends_it(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.publish()
    await system.make()
    await system.decide()
    assert await system.files() == []
    told = await system.told()
    assert (told.state, told.media.uri) == (pb.PLAYBACK_STATE_DELETED, "")
    assert told.expire_time.ToDatetime(UTC) <= datetime.now(UTC)


async def test_who_decides_before_it_is_made_ends_it_too(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.publish()
    await system.decide()
    await system.make()
    assert await system.files() == []
    assert (await system.told()).state == pb.PLAYBACK_STATE_DELETED


async def test_days_are_counted_from_the_result_and_then_it_is_swept(system: System, tmp_path: Path) -> None:
    await system.submit(BY_DAYS, tmp_path)
    await system.publish()
    await system.make()
    await system.decide()
    ended = (await system.store.existing(ID)).ended_at
    assert ended is not None
    assert (await system.told()).expire_time.ToDatetime(UTC) == ended + timedelta(days=3)
    assert await system.sweep.playbacks() == 0
    assert await system.files() == [artefacts.PLAYBACK]
    async with system.store.transaction() as db:
        session = await db.get(type(await system.store.existing(ID)), ID)
        assert session is not None
        session.answers[0].playback_end_at = datetime.now(UTC)
    assert await system.sweep.playbacks() == 1
    assert await system.files() == []
    assert (await system.told()).state == pb.PLAYBACK_STATE_DELETED
    assert await system.sweep.playbacks() == 0


async def test_a_recording_that_cannot_be_copied_is_given_up(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.store.set_media(ID, 0, await system.media.write(f"sessions/{ID}/0/upload/1", b"no recording"))
    await system.publish()
    with pytest.raises(ApplicationError) as failed:
        await system.make()
    assert (failed.value.type, failed.value.non_retryable) == ("MEDIA_UNREADABLE", True)
    await system.playback.give_up_playback(ANSWER)
    await system.recording.clean_up(ANSWER)
    assert await system.files() == []
    assert (await system.told()).state == pb.PLAYBACK_STATE_FAILED


async def test_one_at_a_time_and_the_others_give_their_slot_back(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.publish()
    system.playback._busy = True
    with pytest.raises(ApplicationError) as failed:
        await system.make()
    assert (failed.value.type, failed.value.non_retryable) == ("CAPACITY", False)


async def test_a_cancelled_session_keeps_none(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.media.write(KEY, b"made just now")
    session = SessionActivities(system.store, system.media, cast(Any, None), POLICIES, signer())
    await session.cancel_session(SessionInput(ID, 1, 3600.0))
    assert await system.files() == []
    assert (await system.told()).state == pb.PLAYBACK_STATE_DELETED


async def test_what_waits_too_long_is_begun_again_and_ends_after_a_day(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.publish()
    assert await system.sweep.playbacks(LONG) == 0
    assert system.engine.started == []
    await system.sweep.playbacks(NOW)
    assert system.engine.started == [playback_workflow_id(ID)]
    assert await system.sweep.recordings(NOW) == 0
    assert await system.files() == ["upload/1"]
    await system.store.set_recording_end(ID, 0, datetime.now(UTC) - timedelta(days=1, hours=1))
    assert await system.sweep.recordings(NOW) == 1
    assert await system.files() == []
    assert (await system.told()).state == pb.PLAYBACK_STATE_FAILED


async def test_a_deletion_counts_it(system: System, tmp_path: Path) -> None:
    await system.submit(POLICIES["playback"], tmp_path)
    await system.publish()
    await system.make()
    key, histories = signer(), NoHistories()
    session = SessionActivities(system.store, system.media, cast(Any, histories), POLICIES, key)
    assert await session.erase_session(ID) == 2  # the copy and the result
    assert await system.media.list("sessions") == []
    receipt = json.loads(await session._receipts.find(ID))
    assert receipt["objects"]["count"] == 2
    assert playback_workflow_id(ID) in histories.asked


class NoHistories:
    """A workflow engine that knows of no workflow."""

    namespace = "tests"

    def __init__(self) -> None:
        self.asked: list[str] = []

    @property
    def workflow_service(self) -> NoHistories:
        return self

    async def delete_workflow_execution(self, request: Any) -> None:
        self.asked.append(request.workflow_execution.workflow_id)
