"""What was recorded is started, whatever is away when it is submitted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from interview.common.v1.media_pb2 import MediaRef
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.policies import policy
from orchestrator.preferences.store import Preferences
from orchestrator.sessions import starts
from orchestrator.sessions.launch import Starting
from orchestrator.sessions.rpc import SessionCalls
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import ApiSettings
from servicekit.errors import ServiceError, upstream_down
from servicekit.media import Media, MediaStore

ID = "a" * 32
NOW = timedelta(0)


class ScriptedWorkflows:
    """A workflow engine that can be away, before it has started something or after."""

    def __init__(self) -> None:
        self.running: set[str] = set()
        self.translating: set[str] = set()
        self.starts: list[tuple[str, int]] = []
        self.away, self.away_after = False, False

    async def start_session(
        self, session_id: str, answer_count: int, owner: str, retention_days: float | None = None
    ) -> None:
        if self.away:
            raise upstream_down("The workflow engine")
        self.starts.append((session_id, answer_count))
        self.running.add(session_id)
        if self.away_after:
            raise upstream_down("The workflow engine")

    async def runs(self, session_id: str) -> bool:
        return session_id in self.running

    async def translates(self, session_id: str) -> bool:
        return session_id in self.translating

    async def start_translations(self, session_id: str) -> None:
        self.translating.add(session_id)

    async def cancel_session(self, session_id: str) -> None:
        assert session_id in self.running


class NoRubrics:
    async def check_rubric(self, name: str) -> None:
        """Every rubric will do."""


@pytest.fixture
def workflows() -> ScriptedWorkflows:
    return ScriptedWorkflows()


@pytest.fixture
def starting(store: SessionStore, workflows: ScriptedWorkflows) -> Starting:
    return Starting(store, cast(Any, workflows), quiet_s=0.0)


class NoJobs:
    """Sessions that belong to no job."""

    async def filled(self, request: pb.CreateSessionRequest) -> tuple[pb.CreateSessionRequest, int]:
        return request, 0


def calls_of(store: SessionStore, media: MediaStore, workflows: ScriptedWorkflows, starting: Starting) -> SessionCalls:
    """The calls, which start what they record with `starting`."""
    settings = ApiSettings()
    preferences = Preferences(store._engine, settings.policy, settings.retention_days)
    parts: tuple[Any, ...] = (NoRubrics(), workflows, starting, None, NoJobs(), preferences, None)
    return SessionCalls(settings, store, media, policy.load(), *parts)


@pytest.fixture
def calls(store: SessionStore, media: MediaStore, workflows: ScriptedWorkflows, starting: Starting) -> SessionCalls:
    return calls_of(store, media, workflows, starting)


def request(media: MediaStore, key: str = "", session_id: str = ID) -> pb.CreateSessionRequest:
    recording = MediaRef(uri=media.uri(key or f"sessions/{session_id}/0/upload/1"), size_bytes=5, sha256="0" * 64)
    answers = [pb.NewAnswer(question="Why?", media=recording), pb.NewAnswer(question="How?", url="https://a.org/b.mp4")]
    return pb.CreateSessionRequest(session_id=session_id, candidate_name="A", language_code="en", answers=answers)


async def handed_in(calls: SessionCalls, asked: pb.CreateSessionRequest) -> pb.Session:
    """A session that is recorded, with its start tried."""
    session = (await calls.CreateSession(asked, None)).session
    await calls._starting.caught_up()
    return session


async def test_a_session_that_is_recorded_is_accepted_and_started_when_the_engine_is_back(
    calls: SessionCalls, media: MediaStore, starting: Starting, workflows: ScriptedWorkflows
) -> None:
    workflows.away = True
    session = await handed_in(calls, request(media))
    assert session.state == pb.SESSION_STATE_PENDING
    assert await starting.start_owed(NOW) == 0
    workflows.away = False
    assert await starting.start_owed(NOW) == 1
    assert workflows.starts == [(ID, 2)]
    assert await starting.start_owed(NOW) == 0


async def test_a_start_that_nobody_knows_of_is_made_again(
    calls: SessionCalls, media: MediaStore, starting: Starting, workflows: ScriptedWorkflows
) -> None:
    workflows.away_after = True
    await handed_in(calls, request(media))
    workflows.away_after = False
    assert await starting.start_owed(NOW) == 1
    assert workflows.running == {ID}


async def test_whoever_submits_has_time_to_start(calls: SessionCalls, media: MediaStore, starting: Starting,
                                                 workflows: ScriptedWorkflows) -> None:  # fmt: skip
    workflows.away = True
    await handed_in(calls, request(media))
    workflows.away = False
    assert await starting.start_owed() == 0


async def test_one_that_has_begun_is_owed_nothing(
    calls: SessionCalls, media: MediaStore, starting: Starting, workflows: ScriptedWorkflows, store: SessionStore
) -> None:
    workflows.away_after = True
    await handed_in(calls, request(media))
    await store.set_session(ID, SessionState.RUNNING)
    assert await starting.start_owed(NOW) == 0
    row = await store.existing(ID)
    assert row.started_at is not None


async def test_a_session_whose_workflow_is_gone_goes_on(
    calls: SessionCalls, media: MediaStore, starting: Starting, workflows: ScriptedWorkflows, store: SessionStore
) -> None:
    for session_id in ("a" * 32, "b" * 32, "c" * 32):
        await handed_in(calls, request(media, session_id=session_id))
        await store.set_session(session_id, SessionState.RUNNING)
    await store.set_session("c" * 32, SessionState.FAILED)
    workflows.running, workflows.starts = {"b" * 32}, []
    assert await starting.start_lost(NOW) == 1
    assert workflows.starts == [("a" * 32, 2)]
    assert await starting.start_lost() == 0  # those that have moved lately are left alone


async def test_translations_that_nothing_makes_any_more_are_made(
    calls: SessionCalls, media: MediaStore, starting: Starting, workflows: ScriptedWorkflows, store: SessionStore
) -> None:
    """Whoever asked for them died before anything was started."""
    for session_id in ("a" * 32, "b" * 32, "c" * 32):
        await handed_in(calls, request(media, session_id=session_id))
        for stage, state in (("transcribe", StageState.COMPLETED), ("translate", StageState.PENDING)):
            await store.set_stage(session_id, 0, stage, state=state)
        await store.publish(session_id, SessionState.COMPLETED, "", Media("file:///r"), timedelta(days=1))
    await store.set_stage("c" * 32, 0, "translate", state=StageState.COMPLETED)
    workflows.translating = {"b" * 32}
    assert await starting.start_lost_translations() == 0
    assert await starting.start_lost_translations(NOW) == 1
    assert workflows.translating == {"a" * 32, "b" * 32}


async def test_what_is_owed_can_be_cancelled(
    calls: SessionCalls, media: MediaStore, workflows: ScriptedWorkflows
) -> None:
    workflows.away = True
    await handed_in(calls, request(media))
    with pytest.raises(ServiceError, match="UPSTREAM_DOWN"):
        await calls.CancelSession(pb.CancelSessionRequest(session_id=ID), None)
    workflows.away = False
    await calls.CancelSession(pb.CancelSessionRequest(session_id=ID), None)
    assert workflows.running == {ID}


async def test_the_same_request_again_replaces_only_a_recording_that_is_lost(
    calls: SessionCalls, media: MediaStore, store: SessionStore
) -> None:
    await media.write(f"sessions/{ID}/0/upload/1", b"video")
    await handed_in(calls, request(media))

    async def recorded(key: str) -> object:
        await handed_in(calls, request(media, key))
        row = await store.existing(ID)
        assert row.answers[0].media is not None
        return row.answers[0].media["uri"]

    assert await recorded(f"sessions/{ID}/0/upload/2") == media.uri(f"sessions/{ID}/0/upload/1")
    await media.delete(media.uri(f"sessions/{ID}/0/upload/1"))
    assert await recorded(f"sessions/{ID}/0/upload/2") == media.uri(f"sessions/{ID}/0/upload/2")
    await store.set_answer(ID, 0, AnswerState.RUNNING)
    await media.delete(media.uri(f"sessions/{ID}/0/upload/2"))
    assert await recorded(f"sessions/{ID}/0/upload/3") == media.uri(f"sessions/{ID}/0/upload/2")


async def test_sessions_that_wait_for_their_start_are_counted(
    calls: SessionCalls, media: MediaStore, store: SessionStore, workflows: ScriptedWorkflows
) -> None:
    await handed_in(calls, request(media))
    workflows.away = True
    for number in range(3):
        await handed_in(calls, request(media, session_id=f"{number:032x}"))
    assert await starts.owed_count(store, datetime.now(UTC)) == 3
    assert await starts.owed_count(store, datetime.now(UTC) - timedelta(minutes=1)) == 0
