"""Answers that are run again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.audit.store import AuditStore
from orchestrator.database import open_engine
from orchestrator.policies import policy
from orchestrator.sessions import starts
from orchestrator.sessions.retries import can_retry, retry
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.settings import DatabaseSettings
from servicekit.errors import ServiceError
from servicekit.media import Media
from tests.unit.orchestrator.sessions.test_store import row

ID = row().id
POLICIES = policy.load()
DEFAULT = POLICIES["default"]


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    """With a session that was published though its words could not be had."""
    opened = SessionStore(open_engine(database))
    await opened.create(row())
    await opened.set_media(ID, 0, Media("file:///objects/sessions/x/0/upload/1"))
    for name in ("prepare", "watch", "listen", "fuse"):
        await opened.set_stage(ID, 0, name, state=StageState.COMPLETED)
    await opened.set_stage(ID, 0, "transcribe", state=StageState.FAILED, error_reason="TIMED_OUT")
    for name in ("evaluate", "translate"):
        await opened.set_stage(ID, 0, name, state=StageState.SKIPPED)
    await opened.set_answer(ID, 0, AnswerState.PARTIAL)
    await opened.publish(ID, SessionState.COMPLETED, "", Media("file:///r"), timedelta(days=30))
    yield opened
    await opened.close()


async def states(store: SessionStore) -> dict[str, str]:
    return {stage.name: stage.state for stage in (await store.existing(ID)).answers[0].stages}


async def test_what_failed_is_to_do_again_and_what_ended_well_is_not(store: SessionStore) -> None:
    session = await store.existing(ID)
    assert can_retry(session, session.answers[0])
    await retry(store, session, 0, DEFAULT)
    found = await store.existing(ID)
    assert (found.state, found.answers[0].state) == (SessionState.PENDING, AnswerState.PENDING)
    assert not can_retry(found, found.answers[0])
    pending = {name for name, state in (await states(store)).items() if state == StageState.PENDING}
    assert pending == {"transcribe", "evaluate", "translate", "fuse"}
    assert [s.session_id for s in await starts.owed(store, datetime.now(UTC), 10)] == [ID]
    assert found.result is not None  # the one that there is is shown meanwhile
    [entry] = [entry for entry in await AuditStore(store).entries(ID) if entry.action == "retried"]
    assert entry.answer_index == 0


async def test_a_policy_without_translations_gets_none_now(store: SessionStore) -> None:
    on_demand = DEFAULT.model_copy(update={"translation": "on_demand"})
    await retry(store, await store.existing(ID), 0, on_demand)
    assert (await states(store))["translate"] == StageState.SKIPPED


async def test_two_that_ask_at_the_same_time_start_it_once(store: SessionStore) -> None:
    session = await store.existing(ID)
    await retry(store, session, 0, DEFAULT)
    with pytest.raises(ServiceError, match="NOT_ENDED"):
        await retry(store, session, 0, DEFAULT)


async def test_a_session_that_was_lost_by_a_fault_goes_on(store: SessionStore) -> None:
    lost = row(1)
    await store.create(lost)
    await store.set_media(lost.id, 0, Media("file:///objects/sessions/y/0/upload/1"))
    await store.set_answer(lost.id, 0, AnswerState.COMPLETED)
    await store.set_session(lost.id, SessionState.FAILED, "Internal error.")
    session = await store.existing(lost.id)
    assert can_retry(session, session.answers[0])
    await retry(store, session, 0, DEFAULT)
    assert (await store.existing(lost.id)).state == SessionState.PENDING


@pytest.mark.parametrize(
    ("index", "why"), [(-1, "ANSWER_NOT_FOUND"), (1, "ANSWER_NOT_FOUND"), (0, "RECORDING_DELETED")]
)
async def test_what_cannot_be_run_again_says_why(store: SessionStore, index: int, why: str) -> None:
    await store.set_media(ID, 0, None)
    session = await store.existing(ID)
    assert not can_retry(session, session.answers[0])
    with pytest.raises(ServiceError, match=why):
        await retry(store, session, index, DEFAULT)


async def test_an_answer_that_lacks_nothing_is_left_alone(store: SessionStore) -> None:
    await store.set_stage(ID, 0, "transcribe", state=StageState.COMPLETED)
    await store.set_stage(ID, 0, "translate", state=StageState.FAILED)  # asked for by itself
    with pytest.raises(ServiceError, match="NOTHING_TO_RETRY"):
        await retry(store, await store.existing(ID), 0, DEFAULT)
