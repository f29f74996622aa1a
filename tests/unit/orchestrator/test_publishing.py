"""The end of a session, without the workflow around it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from orchestrator import artefacts, evidence
from orchestrator.activities.session import SessionActivities
from orchestrator.database import open_engine
from orchestrator.policies import policy
from orchestrator.sessions.states import AnswerState, SessionState
from orchestrator.sessions.store import SessionStore, new_stages
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.settings import DatabaseSettings
from orchestrator.workflows.inputs import AnswerFiles, AnswerInput, PublishInput, SessionInput
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support import evidence as made

SESSION = SessionInput("0" * 32, 1, 3600.0)
RESULT = artefacts.result_key(SESSION.session_id)


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    await opened.create(row())
    yield opened
    await opened.close()


@pytest.fixture
def activities(store: SessionStore, media: MediaStore) -> SessionActivities:
    return SessionActivities(store, media, cast(Any, None), policy.load())


def row() -> SessionRow:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    answer = AnswerRow(
        index=0, position_id=1, question="Why?", language="en", state=AnswerState.PENDING,
        stages=new_stages(SESSION.session_id, 0, fetched=False),
    )  # fmt: skip
    return SessionRow(
        id=SESSION.session_id, request_sha256="", candidate_name="A", language="en", state=SessionState.PENDING,
        created_at=now, updated_at=now, answers=[answer],
    )  # fmt: skip


async def request(media: MediaStore) -> PublishInput:
    key = artefacts.answer_key(AnswerInput(SESSION.session_id, 0), artefacts.EVIDENCE)
    written = await media.write(key, evidence.to_json(made.answer()))
    return PublishInput(SESSION.session_id, (written,), None, SESSION.retention_s)


async def stored(store: SessionStore) -> SessionRow:
    found = await store.get(SESSION.session_id)
    assert found is not None
    return found


async def test_a_result_is_published(activities: SessionActivities, store: SessionStore, media: MediaStore) -> None:
    await activities.publish(await request(media))
    found = await stored(store)
    assert (found.state, found.message) == (SessionState.COMPLETED, "Completed.")
    assert found.result is not None
    content = json.loads(await media.read(str(found.result["uri"])))
    assert content["success"] is True


async def test_findings_are_there_when_an_answer_ends(activities: SessionActivities, media: MediaStore) -> None:
    answer = AnswerInput(SESSION.session_id, 0)
    vision = made.vision(made.event("looking_away", 2.0, 5.0, direction="left"))
    written = await media.write(artefacts.answer_key(answer, artefacts.VISION), evidence.to_json(vision))
    timeline = evidence.to_json(evidence.Timeline())
    await media.write(artefacts.answer_key(answer, artefacts.TIMELINE), timeline)
    fused = await activities.fuse(AnswerFiles(answer, 30.0, vision=written))
    early = json.loads(await media.read(media.uri(artefacts.answer_key(answer, artefacts.FINDINGS))))
    assert [(f["type"], f["start_s"], f["end_s"]) for f in early] == [("looking_away", 2.0, 5.0)]
    await activities.publish(PublishInput(SESSION.session_id, (fused,), None, SESSION.retention_s))
    result = json.loads(await media.read(media.uri(RESULT)))
    assert result["content"][0]["result"]["evidence"]["findings"] == early


async def test_a_session_whose_answers_all_failed_says_why(
    activities: SessionActivities, store: SessionStore, media: MediaStore
) -> None:
    await store.set_answer(SESSION.session_id, 0, AnswerState.FAILED, "MEDIA_UNREADABLE", "It is empty.")
    await activities.publish(await request(media))
    found = await stored(store)
    assert (found.state, found.message) == (SessionState.FAILED, "It is empty.")


async def test_a_result_after_a_cancel_leaves_no_file(
    activities: SessionActivities, store: SessionStore, media: MediaStore
) -> None:
    late = await request(media)
    await activities.cancel_session(SESSION)
    await activities.publish(late)
    assert (await stored(store)).state == SessionState.CANCELLED
    assert await media.list("results") == []


async def test_a_session_that_is_gone_gets_no_result(activities: SessionActivities, media: MediaStore) -> None:
    late = await request(media)
    await activities.erase_session(SESSION.session_id)
    with pytest.raises(ServiceError, match="MEDIA_NOT_FOUND"):
        await activities.publish(late)
    assert await media.list("results") == []


async def test_erasing_counts_and_removes_everything(
    activities: SessionActivities, store: SessionStore, media: MediaStore
) -> None:
    neighbour = await media.write("results/other.json", b"{}")
    await activities.publish(await request(media))
    assert await activities.erase_session(SESSION.session_id) == 2
    assert await store.get(SESSION.session_id) is None
    assert (await media.list("sessions"), await media.list("results")) == ([], ["results/other.json"])
    assert await media.read(neighbour.uri) == b"{}"
    assert await activities.erase_session(SESSION.session_id) == 0


@pytest.mark.parametrize("ending", ["cancel_session", "fail_session"])
async def test_an_ended_session_keeps_no_recording(
    activities: SessionActivities, store: SessionStore, media: MediaStore, ending: str
) -> None:
    for name in (artefacts.VIDEO, artefacts.SOUND, artefacts.TRANSCRIPT):
        await media.write(artefacts.answer_key(AnswerInput(SESSION.session_id, 0), name), b"x")
    await getattr(activities, ending)(SESSION)
    assert await media.list("sessions") == [f"sessions/{SESSION.session_id}/0/transcript.json"]
    assert (await stored(store)).state in (SessionState.CANCELLED, SessionState.FAILED)


async def test_a_policy_that_is_gone_is_named(store: SessionStore, media: MediaStore) -> None:
    activities = SessionActivities(store, media, cast(Any, None), {})
    with pytest.raises(ServiceError, match=r"POLICY_MISSING.*default"):
        await activities.publish(await request(media))
