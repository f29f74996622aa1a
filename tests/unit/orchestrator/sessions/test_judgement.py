"""What the judge is asked, on a real channel to a judge that writes it down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from interview.common.v1.model_pb2 import ModelInfo
from interview.judge.v1 import judge_service_pb2 as judge_pb
from interview.judge.v1.judge_service_pb2_grpc import (
    JudgeServiceServicer,
    JudgeServiceStub,
    add_JudgeServiceServicer_to_server,
)
from sqlalchemy import update
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator import artefacts, evidence
from orchestrator.activities.judgement import JudgingActivities
from orchestrator.clients import Services
from orchestrator.database import open_engine
from orchestrator.jobs.raters import pinned
from orchestrator.jobs.tables import JobRow
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionStore, new_stages
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from orchestrator.settings import DatabaseSettings
from orchestrator.workflows.inputs import AnswerInput, JudgeInput, PublishInput
from servicekit.media import Media, MediaStore
from servicekit.settings import StoreSettings
from tests.support import evidence as made
from tests.support.serving import served
from tests.unit.orchestrator.test_metrics import Count

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ID = "0" * 32
ANSWER = AnswerInput(ID, 0)
UNSURE = judge_pb.Unscored(reason="unsure", explanation="The sentences point both ways.")


class WritingJudge(JudgeServiceServicer):
    """Is sure of nothing and keeps what it was asked."""

    service_name = judge_pb.DESCRIPTOR.services_by_name["JudgeService"].full_name

    def __init__(self) -> None:
        self.evaluated: list[judge_pb.EvaluateRequest] = []
        self.summed_up: list[judge_pb.SummarizeRequest] = []
        self.rater = judge_pb.Attribution(backend="openai")

    def register(self, server: grpc.aio.Server) -> None:
        """Add the handlers to the server."""
        add_JudgeServiceServicer_to_server(self, server)

    async def load(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def Evaluate(self, request: judge_pb.EvaluateRequest, context: Any) -> judge_pb.EvaluateResponse:
        """Give no score."""
        self.evaluated.append(request)
        return judge_pb.EvaluateResponse(
            unscored=UNSURE, follow_up_question="How much quicker?", attribution=self.rater
        )

    async def Translate(self, request: judge_pb.TranslateRequest, context: Any) -> judge_pb.TranslateResponse:
        raise AssertionError

    async def ListRubrics(self, request: judge_pb.ListRubricsRequest, context: Any) -> judge_pb.ListRubricsResponse:
        raise AssertionError

    async def Summarize(self, request: judge_pb.SummarizeRequest, context: Any) -> judge_pb.SummarizeResponse:
        """Say that there was something."""
        self.summed_up.append(request)
        return judge_pb.SummarizeResponse(text="Something.")


@dataclass
class Room:
    """The activities with the judge and the store of files behind them."""

    activities: JudgingActivities
    judge: WritingJudge
    media: MediaStore

    async def written(self, transcript: evidence.Transcript) -> Media | None:
        """Where an answer's rating is stored, if it was rated."""
        key = artefacts.answer_key(ANSWER, artefacts.TRANSCRIPT)
        request = JudgeInput(ANSWER, await self.media.write(key, evidence.to_json(transcript)))
        return await ActivityEnvironment().run(self.activities.evaluate, request)

    async def evaluate(self, transcript: evidence.Transcript) -> evidence.Evaluation:
        """The stored rating of an answer."""
        written = await self.written(transcript)
        assert written is not None
        return evidence.from_json(evidence.Evaluation, await self.media.read(written.uri))

    async def summarize(self, *answers: evidence.AnswerEvidence) -> bool:
        """Whether there is a summary."""
        files = [await self.media.write(f"{i}.json", evidence.to_json(a)) for i, a in enumerate(answers)]
        request = PublishInput(ID, tuple(files), None, 60.0)
        return await ActivityEnvironment().run(self.activities.summarize, request) is not None


def row() -> SessionRow:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    answer = AnswerRow(
        index=0, position_id=1, question="Why?", language="en", reference="", state=AnswerState.PENDING,
        stages=new_stages(ID, 0, fetched=False),
    )  # fmt: skip
    return SessionRow(
        id=ID, request_sha256="", candidate_name="A", language="en", state=SessionState.PENDING,
        created_at=now, updated_at=now, answers=[answer],
    )  # fmt: skip


@pytest.fixture
async def room(database: DatabaseSettings, tmp_path: Path) -> AsyncIterator[Room]:
    store, judge = SessionStore(open_engine(database)), WritingJudge()
    await store.create(row())
    media = MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects")))
    async with served(judge) as channel:
        nobody = cast(Any, None)
        services = Services(nobody, nobody, nobody, JudgeServiceStub(channel), (channel,))
        yield Room(JudgingActivities(store, media, services), judge, media)
    await store.close()


@pytest.mark.parametrize(
    ("calibrated", "plain", "told"), [(0.7, 0.9, 0.7), (None, 0.9, 0.9), (0.0, 0.9, 0.0), (None, None, None)]
)
async def test_the_judge_is_told_how_sure_the_words_are(
    room: Room, calibrated: float | None, plain: float | None, told: float | None
) -> None:
    await room.evaluate(made.transcript(calibrated_confidence=calibrated, confidence=plain))
    asked = room.judge.evaluated[0]
    assert asked.HasField("transcript_confidence") == (told is not None)
    assert asked.transcript_confidence == (told or 0.0)


async def test_an_answer_is_rated_by_its_own_rubric_before_the_sessions(room: Room) -> None:
    for session, answer in (("software", ""), ("software", "customer_service")):
        async with room.activities._store.transaction() as db:
            await db.execute(update(SessionRow).values(rubric=session))
            await db.execute(update(AnswerRow).values(rubric=answer))
            await db.execute(update(StageRow).values(state=StageState.PENDING))
        await room.media.delete_prefix(artefacts.session_prefix(ID))
        await room.evaluate(made.transcript())
    assert [asked.rubric for asked in room.judge.evaluated] == ["software", "customer_service"]


async def test_why_there_is_no_score_is_kept(room: Room) -> None:
    found = await room.evaluate(made.transcript())
    assert found.unscored == evidence.Unscored("unsure", UNSURE.explanation)
    assert found.follow_up_question == "How much quicker?"


@pytest.mark.parametrize(("text", "rated"), [("Well – I do agree.", False), ("Well – I do agree, yes.", True)])
async def test_the_judge_is_asked_for_every_answer_that_it_takes(room: Room, text: str, rated: bool) -> None:
    segment = replace(made.transcript().segments[0], text=text)
    written = await room.written(made.transcript(segments=(segment,)))
    assert (written is not None, len(room.judge.evaluated)) == (rated, int(rated))


async def test_only_scored_answers_are_summed_up(room: Room) -> None:
    unsure = replace(made.evaluation(), unscored=evidence.Unscored("unsure", "Both ways."))
    counted = replace(made.evaluation(), attribution=replace(made.attribution(), backend="rules"))
    unscored = [made.answer(evaluation=e) for e in (unsure, counted, None)]
    assert not await room.summarize(*unscored)
    assert await room.summarize(made.answer(evaluation=made.evaluation(81.0)), *unscored)
    assert [[a.total for a in asked.answers] for asked in room.judge.summed_up] == [[81.0]]


def named(backend: str, model: str, sha256: str = "", device: str = "cpu") -> judge_pb.Attribution:
    """Who says that it rated."""
    return judge_pb.Attribution(
        backend=backend, model=ModelInfo(name=model, version=device, sha256=sha256, device=device)
    )


@pytest.fixture
async def job(room: Room) -> str:
    """The session's job, which nobody has been rated for."""
    now, job_id = datetime(2026, 1, 1, tzinfo=UTC), "1" * 32
    async with room.activities._store.transaction() as db:
        db.add(JobRow(id=job_id, owner="", title="Nurse", version=2, created_at=now, updated_at=now))
        await db.execute(update(SessionRow).values(job_id=job_id, job_version=1))
    return job_id


HELD = "RATER_DIFFERS, waits, not stored"


async def rated_by(room: Room, who: judge_pb.Attribution) -> str:
    """Why the rating was not taken, and what follows; empty where it was."""
    room.judge.rater = who
    async with room.activities._store.transaction() as db:
        await db.execute(update(StageRow).values(state=StageState.PENDING))
    await room.media.delete_prefix(artefacts.session_prefix(ID))
    try:
        await room.evaluate(made.transcript())
    except ApplicationError as error:
        stored = await room.media.exists(room.media.uri(artefacts.answer_key(ANSWER, artefacts.EVALUATION)))
        return f"{error.type}, {'given up' if error.non_retryable else 'waits'}, {'stored' if stored else 'not stored'}"
    return ""


async def test_the_first_rater_of_a_job_is_the_only_one(room: Room, job: str) -> None:
    assert await rated_by(room, named("openai", "qwen3-8b")) == ""
    with Count("interview_rater_holds_total") as held:
        assert await rated_by(room, named("llamacpp", "qwen2.5")) == HELD
        assert await rated_by(room, named("openai", "another")) == HELD
        assert await rated_by(room, named("openai", "qwen3-8b", sha256="ab" * 32)) == HELD
    assert held.grown == 3
    assert await rated_by(room, named("openai", "qwen3-8b", device="cuda")) == "", "where it runs does not matter"


async def test_a_new_version_of_a_job_and_a_session_without_one_choose_anew(room: Room, job: str) -> None:
    assert await rated_by(room, named("openai", "qwen3-8b")) == ""
    for version in ({"job_version": 2}, {"job_id": "", "job_version": 0}):
        async with room.activities._store.transaction() as db:
            await db.execute(update(SessionRow).values(**version))
        assert await rated_by(room, named("llamacpp", "qwen2.5")) == ""


async def test_counted_words_are_no_rater(room: Room, job: str) -> None:
    assert await rated_by(room, named("rules", "rules")) == ""
    assert await rated_by(room, named("openai", "qwen3-8b")) == ""
    assert await rated_by(room, named("rules", "rules")) == ""


async def test_answers_that_are_rated_at_the_same_moment_agree_on_one(room: Room, job: str) -> None:
    found = await asyncio.gather(*(pinned(room.activities._store, job, 1, f"openai/{n}") for n in range(6)))
    assert len(set(found)) == 1
