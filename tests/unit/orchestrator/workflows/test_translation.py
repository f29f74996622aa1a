"""Translations of a published session: what its rows, its result and its files say at each moment."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from interview.judge.v1 import judge_service_pb2 as judge_pb
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from orchestrator import artefacts, evidence
from orchestrator.activities.session import SessionActivities
from orchestrator.activities.translation import TranslationActivities
from orchestrator.database import open_engine
from orchestrator.policies import policy
from orchestrator.policies.policy import Policy
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import SessionRow
from orchestrator.settings import DatabaseSettings
from orchestrator.translations import store as translations
from orchestrator.translations.service import Translations
from orchestrator.workflows.inputs import (
    AnswerFiles,
    AnswerInput,
    PublishInput,
    SessionInput,
    StageFailure,
    TranslationsEnd,
)
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings
from tests.support import evidence as made
from tests.support.no_engine import no_engine
from tests.support.signing import signer
from tests.unit.orchestrator.workflows.test_publishing import SESSION, row

ANSWER = AnswerInput(SESSION.session_id, 0)
WORDS = "Saya memperbaiki kueri lambat."


class Judge:
    """Translates into one sentence, or fails. `during` happens while it works."""

    def __init__(self) -> None:
        self.asked = 0
        self.passages: list[tuple[str, str]] = []
        self.during: Any = None

    async def Translate(self, request: judge_pb.TranslateRequest, timeout: float) -> judge_pb.TranslateResponse:
        self.asked += 1
        self.passages = [(p.text, p.language_code) for p in request.passages]
        if self.during is not None:
            await self.during()
        return judge_pb.TranslateResponse(text=WORDS, grade=judge_pb.TRANSLATION_GRADE_GIST, mismatches=["7"])


class Workflows:
    """A workflow engine that remembers whose translations it was to make."""

    def __init__(self) -> None:
        self.started: list[str] = []

    async def start_translations(self, session_id: str) -> None:
        self.started.append(session_id)


class System:
    """The activities over one session that is published but for its translation."""

    def __init__(self, store: SessionStore, media: MediaStore, policies: Mapping[str, Policy]) -> None:
        self.store, self.media, self.judge = store, media, Judge()
        self.session = SessionActivities(store, media, no_engine(), policies, signer())
        services: Any = type("Services", (), {"judge": self.judge})()
        self.work = TranslationActivities(store, media, services)
        self.workflows = Workflows()
        self.translating = Translations(store, media, policies, cast(Any, self.workflows))

    async def publish(self, transcript: evidence.Transcript | None = None) -> None:
        heard = transcript or made.transcript()
        file = await self.media.write(artefacts.answer_key(ANSWER, artefacts.TRANSCRIPT), evidence.to_json(heard))
        await self.store.set_session(ANSWER.session_id, SessionState.RUNNING)
        await self.store.set_stage(ANSWER.session_id, 0, "transcribe", state=StageState.COMPLETED)
        fused = await self.session.fuse(AnswerFiles(ANSWER, 20.0, transcript=file))
        await self.session.publish(PublishInput(ANSWER.session_id, (fused,), None, SESSION.retention_s))

    async def translate(self) -> None:
        await ActivityEnvironment().run(self.work.translate_answer, ANSWER)

    async def row(self) -> SessionRow:
        found = await self.store.get(ANSWER.session_id)
        assert found is not None
        return found

    async def block(self) -> dict[str, Any]:
        content = await self.media.read(self.media.uri(artefacts.result_key(ANSWER.session_id)))
        block: dict[str, Any] = json.loads(content)["content"][0]["result"]
        return block

    async def state(self) -> tuple[str, str]:
        """Of the translation: as the result says and as the row does."""
        stage = translations.stage_of((await self.row()).answers[0])
        return (await self.block())["modalities"]["translate"]["state"], stage.state


@pytest.fixture
async def store(database: DatabaseSettings) -> AsyncIterator[SessionStore]:
    opened = SessionStore(open_engine(database))
    await opened.create(row())
    yield opened
    await opened.close()


@pytest.fixture
def system(store: SessionStore, tmp_path: Path) -> System:
    return System(store, MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path / "objects"))), policy.load())


async def test_the_judge_is_told_what_is_in_the_wanted_language_already(system: System) -> None:
    await system.publish(made.two_languages())
    await system.translate()
    assert system.judge.passages == [
        ("Saya membuat indeks. Lalu saya ukur.", "id"),
        ("It was ten times faster.", "en"),
        ("Terima kasih.", "id"),
    ]
    block = await system.block()
    assert [s["language"] for s in block["evidence"]["transcript"]["segments"]] == ["id", "id", "en", "id"]
    assert block["evidence"]["transcript"]["languages"] == [
        {"language": "id", "percent": 61.54},
        {"language": "en", "percent": 38.46},
    ]


async def test_a_try_after_one_that_ended_unheard_is_no_second_translation(system: System) -> None:
    await system.publish()
    await system.translate()
    before = translations.stage_of((await system.row()).answers[0])
    result = await system.block()
    await system.translate()
    after = translations.stage_of((await system.row()).answers[0])
    assert (after.state, after.started_at, after.ended_at) == (before.state, before.started_at, before.ended_at)
    assert system.judge.asked == 1
    assert await system.block() == result


async def test_an_answer_in_one_language_is_not_parted(system: System) -> None:
    await system.publish()
    await system.translate()
    assert (system.judge.asked, system.judge.passages) == (1, [])


async def test_a_result_is_published_before_its_translation_and_completed_by_it(system: System) -> None:
    await system.publish()
    before, block = await system.row(), await system.block()
    assert await system.state() == ("pending", "PENDING")
    assert (block["transkripsi_id"], block["provenance"]["translation"]) == ("", None)
    assert await system.work.next_translation(ANSWER.session_id) == ANSWER
    await system.translate()
    after, completed = await system.row(), await system.block()
    assert await system.state() == ("completed", "COMPLETED")
    assert completed["transkripsi_id"] == WORDS
    assert completed["provenance"]["translation"]["grade"] == "gist"
    assert completed["evidence"]["translation_mismatches"] == ["7"]
    assert before.result is not None
    assert after.result is not None
    assert (before.result["uri"], before.result["sha256"] == after.result["sha256"]) == (after.result["uri"], False)
    assert (before.ended_at, before.retention_end_at) == (after.ended_at, after.retention_end_at)
    assert await system.work.next_translation(ANSWER.session_id) is None
    for changed in ("transkripsi_id", "provenance", "evidence", "modalities"):
        block.pop(changed), completed.pop(changed)
    assert block == completed


async def test_completing_again_changes_nothing_and_asks_nobody(system: System) -> None:
    await system.publish()
    await system.translate()
    revision = (await system.row()).result
    await system.translate()  # as after a worker's death
    await system.work.complete_result(ANSWER.session_id)
    assert ((await system.row()).result, system.judge.asked) == (revision, 1)


async def test_a_failed_translation_leaves_the_result_with_its_reason(system: System) -> None:
    await system.publish()
    before = await system.block()
    await system.session.fail_stage(StageFailure(ANSWER, "translate", "UPSTREAM_DOWN", "The judge does not answer."))
    await system.work.complete_result(ANSWER.session_id)
    after = await system.block()
    assert after["modalities"]["translate"] | {"seconds": None} == {
        "state": "failed", "seconds": None, "error_reason": "UPSTREAM_DOWN",
        "error_message": "The judge does not answer.",
    }  # fmt: skip
    assert {k: v for k, v in after.items() if k != "modalities"} == {
        k: v for k, v in before.items() if k != "modalities"
    }
    assert (await system.row()).answers[0].state == AnswerState.PARTIAL
    await translations.ask(system.store, ANSWER.session_id, 0)
    await system.translate()
    await system.work.complete_result(ANSWER.session_id)
    assert await system.state() == ("completed", "COMPLETED")
    assert (await system.row()).answers[0].state == AnswerState.COMPLETED


@pytest.mark.parametrize("cancelled", [True, False])
async def test_translations_that_will_not_come_are_said_to(system: System, cancelled: bool) -> None:
    await system.publish()
    await system.work.end_translations(TranslationsEnd(ANSWER.session_id, cancelled))
    assert await system.state() == (("skipped", "SKIPPED") if cancelled else ("failed", "FAILED"))
    reason = (await system.block())["modalities"]["translate"]["error_reason"]
    assert reason == ("CANCELLED" if cancelled else "INTERNAL")
    assert await system.work.next_translation(ANSWER.session_id) is None


async def test_where_nothing_was_said_nothing_follows(system: System) -> None:
    await system.publish(made.transcript(segments=()))
    assert await system.state() == ("skipped", "SKIPPED")
    assert translations.waiting(await system.row()) == []
    with pytest.raises(ServiceError, match="TRANSCRIPT_NOT_FOUND"):
        await system.translating.ask(await system.row(), 0)


async def test_a_session_deleted_while_the_judge_works_leaves_nothing(system: System) -> None:
    await system.publish()
    system.judge.during = lambda: system.session.erase_session(ANSWER.session_id)
    with pytest.raises(ApplicationError) as caught:
        await system.translate()
    assert (caught.value.type, caught.value.non_retryable) == ("MEDIA_NOT_FOUND", True)
    assert (await system.media.list("sessions"), await system.media.list("results")) == ([], [])
    assert await system.work.next_translation(ANSWER.session_id) is None
    await system.work.end_translations(TranslationsEnd(ANSWER.session_id, True))
    assert await system.media.list("results") == []


async def test_a_translation_written_while_everything_is_deleted_goes_too(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    await system.publish()
    delete = system.store.delete

    async def late(session_id: str) -> None:
        await system.media.write(artefacts.answer_key(ANSWER, artefacts.TRANSLATION), b"{}")
        await delete(session_id)

    monkeypatch.setattr(system.store, "delete", late)
    await system.session.erase_session(ANSWER.session_id)
    assert await system.media.list("sessions") == []


async def test_a_cancelled_session_is_not_completed(system: System) -> None:
    await system.session.cancel_session(SessionInput(ANSWER.session_id, 1, 1.0))
    await system.work.complete_result(ANSWER.session_id)
    assert await system.media.list("results") == []


def changed(name: str, **values: object) -> dict[str, Policy]:
    return {name: policy.load()["default"].model_copy(update={"name": name, **values})}


async def test_on_demand_nothing_is_translated_until_somebody_asks(store: SessionStore, system: System) -> None:
    system = System(store, system.media, changed("default", translation="on_demand"))
    await store.set_stage(ANSWER.session_id, 0, "translate", state=StageState.SKIPPED)  # as the session was made
    await system.publish()
    assert await system.state() == ("on_demand", "SKIPPED")
    assert await system.work.next_translation(ANSWER.session_id) is None
    for _ in range(2):
        await system.translating.ask(await system.row(), 0)
    assert system.workflows.started == [ANSWER.session_id] * 2
    assert translations.waiting(await system.row()) == [0]
    await system.translate()
    assert await system.state() == ("completed", "COMPLETED")
    await system.translating.ask(await system.row(), 0)
    assert len(system.workflows.started) == 2


async def test_what_cannot_be_translated_is_refused_with_its_reason(store: SessionStore, system: System) -> None:
    async def asked(system: System, index: int = 0) -> None:
        await system.translating.ask(await system.row(), index)

    with pytest.raises(ServiceError, match="NO_RESULT"):
        await asked(system)
    await system.publish()
    with pytest.raises(ServiceError, match="ANSWER_NOT_FOUND"):
        await asked(system, 1)
    never = System(store, system.media, changed("default", translation="never"))
    with pytest.raises(ServiceError, match="TRANSLATION_OFF"):
        await asked(never)
