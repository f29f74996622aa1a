"""The end of a session, without the workflow around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from orchestrator import artefacts, evidence
from orchestrator.activities.recording import RecordingActivities, session_policy
from orchestrator.activities.session import SessionActivities
from orchestrator.policies import policy
from orchestrator.policies import store as policy_store
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionStore, new_stages
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.similarity.comparison import Comparison
from orchestrator.workflows.inputs import (
    AnswerFiles,
    AnswerInput,
    Begun,
    ErasureInput,
    PublishInput,
    SessionInput,
)
from servicekit.errors import ServiceError
from servicekit.media import Media, MediaStore
from tests.support import evidence as made
from tests.support.no_engine import no_engine
from tests.support.signing import signer

SESSION = SessionInput("0" * 32, 1, 3600.0)
ANSWER = AnswerInput(SESSION.session_id, 0)
RESULT = artefacts.result_key(SESSION.session_id)


@pytest.fixture
async def store(store: SessionStore) -> SessionStore:
    await store.create(row())
    return store


@pytest.fixture
def activities(store: SessionStore, media: MediaStore) -> SessionActivities:
    return SessionActivities(store, media, no_engine(), policy.load(), signer())


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
    proposed = content["decision_proposal"]
    assert (found.outcome, found.total) == (proposed["outcome"], proposed["total"])


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


@pytest.mark.parametrize(("ending", "kept"), [("cancel_session", 1), ("fail_session", 3)])
async def test_a_session_that_was_given_up_keeps_no_recording_and_one_that_failed_does(
    activities: SessionActivities, store: SessionStore, media: MediaStore, ending: str, kept: int
) -> None:
    for name in (artefacts.VIDEO, artefacts.SOUND, artefacts.TRANSCRIPT):
        await media.write(artefacts.answer_key(ANSWER, name), b"x")
    await getattr(activities, ending)(SESSION)
    assert len(await media.list("sessions")) == kept
    found = await stored(store)
    assert found.state in (SessionState.CANCELLED, SessionState.FAILED)
    assert (found.answers[0].recording_end_at is not None) == (ending == "fail_session")


@pytest.mark.parametrize("ending", ["cancel_session", "fail_session"])
async def test_every_session_that_has_ended_has_a_retention(
    activities: SessionActivities, store: SessionStore, ending: str
) -> None:
    await getattr(activities, ending)(SESSION)
    end = (await stored(store)).retention_end_at
    assert end is not None
    assert timedelta(minutes=59) < end - datetime.now(UTC) <= timedelta(hours=1)
    left_s = await activities.retention_left(ErasureInput(SESSION.session_id, SESSION.retention_s))
    assert 3500 < left_s <= 3600


async def test_a_timer_waits_for_a_session_that_runs_and_not_for_one_that_is_gone(
    activities: SessionActivities, store: SessionStore
) -> None:
    assert await activities.retention_left(ErasureInput(SESSION.session_id, 60.0)) == 60.0
    await store.delete(SESSION.session_id)
    assert await activities.retention_left(ErasureInput(SESSION.session_id, 60.0)) == 0.0


async def test_cancelling_what_has_ended_changes_nothing(
    activities: SessionActivities, store: SessionStore, media: MediaStore
) -> None:
    await activities.publish(await request(media))
    await activities.cancel_session(SESSION)
    found = await stored(store)
    assert found.state == SessionState.COMPLETED
    assert [stage.state for stage in found.answers[0].stages if stage.name == "translate"] == [StageState.PENDING]


@pytest.mark.parametrize(
    ("stage", "reason", "kept"),
    [
        ("transcribe", "UPSTREAM_DOWN", True),
        ("watch", "TIMED_OUT", True),
        ("watch", "NO_VIDEO_STREAM", False),
        ("translate", "UPSTREAM_DOWN", False),
    ],
)
async def test_a_recording_is_kept_while_a_stage_may_be_run_again(
    activities: SessionActivities, store: SessionStore, media: MediaStore, stage: str, reason: str, kept: bool
) -> None:
    recording = await media.write(artefacts.answer_key(ANSWER, "upload/1"), b"video")
    await store.set_media(SESSION.session_id, 0, recording)
    await store.set_stage(SESSION.session_id, 0, stage, state=StageState.FAILED, error_reason=reason)
    await activities.fuse(AnswerFiles(ANSWER, 30.0))
    await RecordingActivities(store, media, cast(Any, None), 60.0, 1).clean_up(ANSWER)
    assert await media.exists(recording.uri) == kept
    answer = (await stored(store)).answers[0]
    assert (answer.media is not None, answer.recording_end_at is not None) == (kept, kept)
    if answer.recording_end_at is not None:
        left = answer.recording_end_at - datetime.now(UTC)
        assert timedelta(days=6) < left <= timedelta(days=7)


async def test_a_session_that_goes_on_keeps_what_has_ended(
    activities: SessionActivities, store: SessionStore, media: MediaStore
) -> None:
    assert await activities.begin_session(SESSION.session_id) == Begun(True, (None,))
    fused = await activities.fuse(AnswerFiles(ANSWER, 30.0))
    assert await activities.begin_session(SESSION.session_id) == Begun(True, (Media(fused.uri),))
    await activities.cancel_session(SESSION)
    assert await activities.begin_session(SESSION.session_id) == Begun(False)
    await store.delete(SESSION.session_id)
    assert await activities.begin_session(SESSION.session_id) == Begun(False)


async def test_the_policy_is_the_one_that_the_session_was_submitted_under(
    activities: SessionActivities, store: SessionStore, media: MediaStore
) -> None:
    before = policy.load()["original"].model_copy(update={"sha256": "b" * 64, "non_verbal": False})
    changed = row()
    changed.id, changed.policy, changed.policy_sha256 = "b" * 32, "original", before.sha256
    changed.answers[0].stages = []
    await store.create(changed)
    assert (await session_policy(store, changed.id, policy.load())).non_verbal  # it was not recorded: today's
    await policy_store.keep(store, before)
    await policy_store.keep(store, before)
    assert await session_policy(store, changed.id, policy.load()) == before
    assert await session_policy(store, changed.id, {}) == before


async def test_a_policy_that_is_gone_is_named(store: SessionStore, media: MediaStore) -> None:
    activities = SessionActivities(store, media, no_engine(), {}, signer())
    with pytest.raises(ServiceError, match=r"POLICY_MISSING.*default"):
        await activities.publish(await request(media))
    await activities.fail_session(SESSION)  # which is never given up, so it must not need it
    assert (await stored(store)).state == SessionState.FAILED


async def test_published_answers_are_compared_and_what_fails_there_harms_no_result(
    activities: SessionActivities, store: SessionStore, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    async def compare(_: Comparison, session_id: str) -> int:
        compared.append(session_id)
        raise RuntimeError

    monkeypatch.setattr(Comparison, "compare", compare)
    with capture_logs() as logs:
        await activities.publish(await request(media))
    assert (compared, (await stored(store)).state) == ([SESSION.session_id], SessionState.COMPLETED)
    assert [entry["event"] for entry in logs] == ["answers not compared"]
