"""Asking for an answer's translation, and what status, events and client say while it is on its way."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.published import Result
from gateway.report.texts import Texts
from gateway.report.view import Files, view
from gateway.sessions.wire import session_body
from interview_client.cli import results
from servicekit.errors import ServiceError
from servicekit.wire import media_message
from tests.contract.client.test_commands import run
from tests.contract.gateway.test_answers import V1, publish
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.recorded import ID, RESULT, recorded_session
from tests.support.waiting import until

PATH = f"{V1}/answers/0/translation"
WORDS = RESULT["content"][0]["result"]["transkripsi_id"]


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects") as running:
        yield running


def untranslated(state: str = "pending") -> dict[str, Any]:
    """The recorded result as it was published before the first answer's translation came."""
    result = copy.deepcopy(RESULT)
    block = result["content"][0]["result"]
    block["transkripsi_id"], block["provenance"]["translation"] = "", None
    block["modalities"]["translate"] = {"state": state, "seconds": None, "error_reason": "", "error_message": ""}
    return result


def standing(session: pb.Session, state: pb.StageState.ValueType, **more: Any) -> pb.Session:
    """The session with its first answer's translation in this state."""
    session.translating = int(state in (pb.STAGE_STATE_PENDING, pb.STAGE_STATE_RUNNING))
    del session.answers[0].stages[:]
    session.answers[0].stages.add(name="translate", state=state, **more)
    return session


async def translated(gateway: RunningGateway) -> None:
    """The translation comes: the result is published again, then the session says so."""
    session = gateway.orchestrator.sessions[ID]
    session.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", json.dumps(RESULT).encode())))
    gateway.orchestrator.put(standing(session, pb.STAGE_STATE_COMPLETED))


async def test_a_translation_is_made_once_and_then_there(gateway: RunningGateway) -> None:
    await publish(gateway, untranslated("on_demand"))
    for _ in range(2):
        asked = await gateway.client.post(PATH)
        assert asked.status_code == 202
        assert asked.json() == {
            "state": "pending", "language": "id", "text": None, "grade": None, "mismatches": [], "error": None,
        }  # fmt: skip
    before = (await gateway.client.get(f"/results/{ID}")).headers["etag"]
    await translated(gateway)
    there = await gateway.client.post(PATH)
    assert there.status_code == 200
    assert (there.json()["text"], there.json()["grade"]) == (WORDS, "gist")
    assert (await gateway.client.get(f"/results/{ID}")).headers["etag"] != before


async def test_what_cannot_be_translated(gateway: RunningGateway) -> None:
    await publish(gateway)
    assert (await gateway.client.post(f"/v1/sessions/{'f' * 32}/answers/0/translation")).status_code == 404
    assert (await gateway.client.post(f"{V1}/answers/7/translation")).status_code == 404
    gateway.orchestrator.failure = ServiceError(grpc.StatusCode.ABORTED, "TRANSLATION_OFF", "This policy makes none.")
    refused = await gateway.client.post(PATH)
    assert refused.status_code == 409
    assert refused.json()["error"]["details"][0]["reason"] == "TRANSLATION_OFF"


async def test_a_completed_session_says_that_translations_follow(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(standing(await publish(gateway), pb.STAGE_STATE_RUNNING))
    status = (await gateway.client.get(f"/status/{ID}")).json()
    assert (status["status"], status["translating"]) == ("completed", 1)
    assert (await gateway.client.get(V1)).json()["translating"] == 1
    shown = await run(gateway, "status", ID)
    assert "To come: the translation of 1 answer." in shown.stdout
    await translated(gateway)
    assert "translating" not in (await gateway.client.get(f"/status/{ID}")).json()


async def test_events_go_on_until_the_last_translation(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(standing(await publish(gateway, untranslated()), pb.STAGE_STATE_PENDING))
    async with gateway.client.stream("GET", f"{V1}/events") as response:
        lines = response.aiter_lines()
        told = [json.loads(line[6:]) async for line in _first(lines, "data: ")]
        assert told[0]["translating"] == 1
        await translated(gateway)
        told = [json.loads(line[6:]) async for line in lines if line.startswith("data: ")]
    assert ["translating" in status for status in told] == [False]


async def _first(lines: AsyncIterator[str], beginning: str) -> AsyncIterator[str]:
    async for line in lines:
        if line.startswith(beginning):
            yield line
            return


async def test_the_command_waits_for_it(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "POLL_S", 0.05)
    await publish(gateway, untranslated("on_demand"))
    running = asyncio.create_task(run(gateway, "translate", ID, "1"))
    await until(lambda: gateway.orchestrator.translations)
    await translated(gateway)
    ran = await running
    assert ran.exit_code == 0, ran.output
    assert WORDS in ran.stdout
    assert "do not quote it" in ran.stderr
    gateway.orchestrator.put(standing(gateway.orchestrator.sessions[ID], pb.STAGE_STATE_SKIPPED))
    shown = await run(gateway, "results", ID)
    assert "Translation (Indonesian)" in shown.stdout


async def test_the_command_says_why_there_is_none(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "POLL_S", 0.05)
    await publish(gateway, untranslated("on_demand"))
    running = asyncio.create_task(run(gateway, "translate", ID, "1"))
    await until(lambda: gateway.orchestrator.translations)
    failed = standing(
        gateway.orchestrator.sessions[ID], pb.STAGE_STATE_FAILED, error_message="The judge does not answer."
    )
    gateway.orchestrator.put(failed)
    ran = await running
    assert (ran.exit_code, "The judge does not answer." in ran.stderr) == (1, True)


@pytest.mark.parametrize(("state", "text"), [("pending", "translation_follows"), ("on_demand", "not_translated")])
def test_a_report_says_why_a_translation_is_not_in_it(state: str, text: str) -> None:
    session = session_body(recorded_session(), "")
    shown = view(Result.model_validate(untranslated(state)), session, Files({}, {}), "id")
    assert shown["answers"][0]["transcript"]["untranslated"] == text
    assert Texts("id")(text) != Texts("en")(text)
