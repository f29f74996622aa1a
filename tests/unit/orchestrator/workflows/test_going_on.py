"""Stages of a session that goes on: what ended well is not done again."""

from __future__ import annotations

from typing import Any, cast

import pytest
from temporalio.testing import ActivityEnvironment

from orchestrator import artefacts
from orchestrator.activities.analysis import AnalysisActivities
from orchestrator.activities.judgement import JudgingActivities
from orchestrator.policies import policy
from orchestrator.sessions.states import StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.workflows.inputs import AnswerInput, JudgeInput, StageInput
from servicekit.media import Media, MediaStore
from tests.unit.orchestrator.sessions.test_store import row

ANSWER = AnswerInput(row().id, 0)
RECORDING = Media("file:///objects/sessions/x/0/upload/1", 5, "0" * 64)


class Called(Exception):
    """A service was asked."""


class Services:
    """Says that it was asked."""

    def __getattr__(self, name: str) -> Any:
        raise Called


@pytest.fixture
async def store(store: SessionStore) -> SessionStore:
    await store.create(row())
    return store


@pytest.mark.parametrize(
    ("stage", "name"),
    [("transcribe", artefacts.TRANSCRIPT), ("watch", artefacts.VISION), ("listen", artefacts.AUDIO)],
)
async def test_an_analysis(store: SessionStore, media: MediaStore, stage: str, name: str) -> None:
    analysis = AnalysisActivities(store, media, cast(Any, Services()), policy.load())
    recording = Media(media.uri(artefacts.answer_key(ANSWER, artefacts.VIDEO)), 1, "0" * 64)

    async def run() -> Media:
        done: Media = await ActivityEnvironment().run(getattr(analysis, stage), StageInput(ANSWER, recording))
        return done

    written = await media.write(artefacts.answer_key(ANSWER, name), b"{}")
    with pytest.raises(Called):  # what a try that was lost has written is not trusted
        await run()
    await store.set_stage(ANSWER.session_id, 0, stage, state=StageState.COMPLETED)
    assert (await run()).uri == written.uri
    await media.delete(written.uri)
    with pytest.raises(Called):
        await run()


class Transcriber:
    """Remembers what it was asked."""

    def Transcribe(self, call: Any, timeout: float) -> Any:
        self.call = call
        raise Called


async def test_the_transcriber_is_told_the_question(store: SessionStore, media: MediaStore) -> None:
    transcriber = Transcriber()
    services = type("With", (), {"transcriber": transcriber})()
    analysis = AnalysisActivities(store, media, services, policy.load())
    recording = Media(media.uri(artefacts.answer_key(ANSWER, artefacts.VIDEO)), 1, "0" * 64)
    with pytest.raises(Called):
        await ActivityEnvironment().run(analysis.transcribe, StageInput(ANSWER, recording))
    assert transcriber.call.options.initial_prompt == row().answers[0].question != ""


async def test_a_rating(store: SessionStore, media: MediaStore) -> None:
    judging = JudgingActivities(store, media, type("With", (), {"judge": Services()})())
    written = await media.write(artefacts.answer_key(ANSWER, artefacts.EVALUATION), b"{}")
    await store.set_stage(ANSWER.session_id, 0, "evaluate", state=StageState.COMPLETED)
    found = await ActivityEnvironment().run(judging.evaluate, JudgeInput(ANSWER, RECORDING))
    assert found is not None
    assert found.uri == written.uri
