from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orchestrator import artefacts, evidence
from orchestrator.activities.recording import delete_recording
from orchestrator.evidence.collection import answer_evidence, answer_state, answers_of
from orchestrator.sessions.states import AnswerState, StageState
from orchestrator.sessions.store import new_stages
from orchestrator.sessions.tables import AnswerRow
from orchestrator.workflows.inputs import AnswerFiles, AnswerInput, PublishInput
from servicekit.media import MediaStore
from tests.support import evidence as made

START = datetime(2026, 1, 1, tzinfo=UTC)
ANSWER = AnswerInput("0" * 32, 0)
NOTHING = {"transcript": None, "vision": None, "audio": None, "evaluation": None, "translation": None}


def failed(reason: str) -> evidence.StageReport:
    return evidence.StageReport("failed", 1.0, reason, f"Because of {reason}.")


def test_an_answer_with_every_stage_is_completed() -> None:
    assert answer_state(made.answer()) == (AnswerState.COMPLETED, "", "")


@pytest.mark.parametrize("stage", ["watch", "evaluate", "translate"])
def test_one_failed_stage_makes_it_partial(stage: str) -> None:
    found = made.answer(stages=made.answer().stages | {stage: failed("CAPACITY")})
    assert answer_state(found) == (AnswerState.PARTIAL, "", "")


def test_one_modality_is_enough_to_be_partial() -> None:
    stages = {"transcribe": failed("NO_AUDIO_STREAM"), "listen": failed("NO_AUDIO_STREAM")}
    found = made.answer(**NOTHING | {"vision": made.vision(), "stages": stages})
    assert answer_state(found)[0] == AnswerState.PARTIAL


def test_nothing_measured_is_a_failure_with_the_first_reason() -> None:
    stages = {"transcribe": failed("UPSTREAM_DOWN"), "watch": failed("TIMED_OUT")}
    found = made.answer(**NOTHING | {"stages": stages})
    assert answer_state(found) == (AnswerState.FAILED, "UPSTREAM_DOWN", "Because of UPSTREAM_DOWN.")
    nobody_knows = made.answer(**NOTHING | {"stages": {}})
    assert answer_state(nobody_knows) == (AnswerState.FAILED, "INTERNAL", "Internal error.")


def test_a_recording_of_no_use_fails_with_its_own_reason() -> None:
    found = made.answer(error_reason="MEDIA_UNREADABLE", error_message="No.")
    assert answer_state(found) == (AnswerState.FAILED, "MEDIA_UNREADABLE", "No.")


def row() -> AnswerRow:
    stages = {stage.name: stage for stage in new_stages(ANSWER.session_id, 0, fetched=False)}
    transcribe, watch = stages["transcribe"], stages["watch"]
    transcribe.state, transcribe.started_at = StageState.COMPLETED, START
    transcribe.ended_at = START + timedelta(seconds=2.5)
    watch.state, watch.error_reason, watch.error_message = StageState.FAILED, "CAPACITY", "Full."
    for stage in stages.values():
        stage.error_reason, stage.error_message = stage.error_reason or "", stage.error_message or ""
    return AnswerRow(index=0, position_id=7, question="Why?", language="en", stages=list(stages.values()))


async def test_rows_and_artefacts_become_evidence(media: MediaStore) -> None:
    key = artefacts.answer_key(ANSWER, artefacts.TRANSCRIPT)
    transcript = await media.write(key, evidence.to_json(made.transcript()))
    found = await answer_evidence(row(), AnswerFiles(ANSWER, 20.0, transcript=transcript), media)
    assert (found.position_id, found.duration_s, found.transcript) == (7, 20.0, made.transcript())
    assert (found.vision, found.audio, found.timeline) == (None, None, "")
    assert found.stages["transcribe"] == evidence.StageReport("completed", 2.5)
    assert found.stages["watch"] == evidence.StageReport("failed", None, "CAPACITY", "Full.")
    assert found.stages["fetch"].state == "skipped"
    assert "fuse" not in found.stages


async def test_a_watched_answer_has_a_timeline(media: MediaStore) -> None:
    vision = await media.write("vision.json", evidence.to_json(made.vision()))
    found = await answer_evidence(row(), AnswerFiles(ANSWER, vision=vision), media)
    assert found.timeline == "0/timeline.json"


async def test_answers_keep_their_order(media: MediaStore) -> None:
    answers = tuple(made.answer(index=index) for index in (0, 1, 2))
    written = [await media.write(f"{a.index}.json", evidence.to_json(a)) for a in answers]
    assert await answers_of(PublishInput("0" * 32, tuple(written)), media) == answers


async def test_a_recording_goes_however_it_came(media: MediaStore) -> None:
    await delete_recording(media, ANSWER)  # nothing is there: nothing happens
    for name in ("video", "sound.flac", "timeline.json"):
        await media.write(f"sessions/{ANSWER.session_id}/0/{name}", b"x")
    await delete_recording(media, ANSWER)
    await media.write(f"sessions/{ANSWER.session_id}/0/upload/0123", b"x")
    await delete_recording(media, ANSWER)
    assert await media.list("sessions") == [f"sessions/{ANSWER.session_id}/0/timeline.json"]
