"""Answers and findings of a recorded result, and what a caller need not be sent again."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.http.conditional import etag
from servicekit.wire import media_message
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.recorded import ID, RECORDED, RESULT, recorded_session

V1 = f"/v1/sessions/{ID}"
SECOND_VOICE = {
    "type": "second_voice", "start_s": 2.5, "end_s": 4.0, "strength": 0.4, "confidence": 0.8, "severity": "serious",
    "explanation": "Another voice.", "innocent_explanation": "A telephone.", "still": "", "quote": "and then",
}  # fmt: skip

EARLY: dict[str, Any] = {
    "transcript": {
        "segments": [{"text": " One day. "}, {"text": ""}, {"text": "We lost it."}],
        "language": "en",
        "quality": "good",
        "quality_reason": "",
    },
    "evaluation": {
        "total": 70.6,
        "ratings": [{"criterion": "quality", "score": 70.2}],
        "confidence": 0.8,
        "analysis": "Clear.",
    },
    "findings": [SECOND_VOICE],
}
"""What the orchestrator writes while a session runs, as far as it is read."""


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", public_url="https://hr.example") as running:
        yield running


async def publish(gateway: RunningGateway, result: dict[str, Any] = RESULT) -> pb.Session:
    session = recorded_session()
    for path in (p for p in RECORDED.rglob("*") if p.is_file() and p.parent != RECORDED):
        await gateway.store.write(f"sessions/{ID}/{path.relative_to(RECORDED)}", path.read_bytes())
    content = json.dumps(result).encode()
    session.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", content)))
    gateway.orchestrator.put(session)
    return session


async def test_answers_with_what_was_made_of_them_but_their_evidence(gateway: RunningGateway) -> None:
    await publish(gateway)
    answers = (await gateway.client.get(f"{V1}/answers")).json()["answers"]
    assert [a["state"] for a in answers] == ["completed", "completed", "failed"]
    for answer, item in zip(answers, RESULT["content"], strict=True):
        assert answer["question"] == item["question"]
        assert answer["result"] == {name: value for name, value in item["result"].items() if name != "evidence"}
        assert (await gateway.client.get(f"{V1}/answers/{answer['index']}")).json() == answer
    missing = await gateway.client.get(f"{V1}/answers/3")
    assert missing.status_code == 404
    assert missing.json()["error"]["details"][0]["reason"] == "ANSWER_NOT_FOUND"
    assert gateway.orchestrator.entries == []


async def test_answers_before_there_is_a_result(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(recorded_session())
    answers = (await gateway.client.get(f"{V1}/answers")).json()["answers"]
    assert [a["result"] for a in answers] == [None, None, None]
    early = await gateway.client.get(f"{V1}/findings")
    assert (early.status_code, early.json()["error"]["details"][0]["reason"]) == (400, "NO_RESULT")
    for path in ("answers", "answers/0", "findings"):
        assert (await gateway.client.get(f"/v1/sessions/{'f' * 32}/{path}")).status_code == 404


async def test_findings_of_all_answers_by_severity_and_type(gateway: RunningGateway) -> None:
    result = copy.deepcopy(RESULT)
    [away] = result["content"][0]["result"]["evidence"]["findings"]
    result["content"][0]["result"]["evidence"]["findings"].append(SECOND_VOICE)
    await publish(gateway, result)

    async def found(**query: str) -> list[dict[str, Any]]:
        response = await gateway.client.get(f"{V1}/findings", params=query)
        return list(response.json()["findings"])

    everything = await found()
    ours = [finding for finding in everything if finding["answer_index"] == 0]
    assert [f["type"] for f in ours] == ["second_voice", "looking_away"]
    assert ours[1]["still_url"] == f"https://hr.example{V1}/artefacts/{away['still']}"
    assert ours[0]["still_url"] is None
    assert (ours[0]["explanation"], ours[0]["innocent_explanation"]) == ("Another voice.", "A telephone.")
    assert [f["type"] for f in await found(severity="serious")] == ["second_voice"]
    assert {f["type"] for f in await found(type="looking_away")} == {"looking_away"}
    assert await found(severity="serious", type="looking_away") == []
    assert (await gateway.client.get(f"{V1}/findings?severity=grave")).status_code == 400


@pytest.mark.parametrize(
    "path",
    [f"/results/{ID}", f"/results/{ID}.json", f"{V1}/artefacts/0/stills/4.jpg", f"{V1}/artefacts/0/timeline.json"],
)
async def test_what_a_caller_has_is_not_sent_again_until_the_result_changes(gateway: RunningGateway, path: str) -> None:
    await publish(gateway)
    first = await gateway.client.get(path)
    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    known = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    again = await gateway.client.get(path, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert again.headers["cache-control"] == "private, no-cache"
    assert (await gateway.client.get(path, headers={"If-None-Match": '"other"'})).content == first.content
    await publish(gateway, RESULT | {"name": "Somebody else"})
    changed = await gateway.client.get(path, headers=known)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_a_deleted_session_is_gone_for_caches_too(gateway: RunningGateway) -> None:
    await publish(gateway)
    tag = (await gateway.client.get(f"/results/{ID}")).headers["etag"]
    await gateway.client.delete(V1)
    assert (await gateway.client.get(f"/results/{ID}", headers={"If-None-Match": tag})).status_code == 404


async def test_a_decision_makes_another_report(gateway: RunningGateway) -> None:
    session = await publish(gateway)
    path = f"{V1}/report.pdf"
    first = await gateway.client.get(path)
    known = {"If-None-Match": first.headers["etag"]}
    assert (await gateway.client.get(path, headers=known)).status_code == 304
    assert (await gateway.client.get(f"{path}?language=id", headers=known)).status_code == 200
    session.review.CopyFrom(pb.Review(reviewer="Rina", decision=pb.DECISION_PASS, reason="Clear."))
    gateway.orchestrator.put(session)
    assert (await gateway.client.get(path, headers=known)).status_code == 200


def test_nothing_is_kept_of_what_may_still_change() -> None:
    assert etag("") == ""
    assert etag("a", "b") != etag("a", "c")


async def test_what_is_known_while_the_session_runs(gateway: RunningGateway) -> None:
    session = await running(gateway, "transcribe", "evaluate")
    first, second, _ = (await gateway.client.get(f"{V1}/answers")).json()["answers"]
    assert first["so_far"] == {
        "transcript": {"text": "One day. We lost it.", "language": "en", "quality": "good", "quality_reason": ""},
        "evaluation": {"total": 71, "ratings": {"quality": 70}, "confidence": 0.8, "analysis": "Clear."},
        "findings": None,
    }
    assert second["so_far"] == {"transcript": None, "evaluation": None, "findings": None}
    session.answers[0].stages.add(name="fuse", state=pb.STAGE_STATE_COMPLETED)
    gateway.orchestrator.put(session)
    [found] = (await gateway.client.get(f"{V1}/answers/0")).json()["so_far"]["findings"]
    assert (found["type"], found["answer_index"], found["still_url"]) == ("second_voice", 0, None)


async def test_a_stage_that_runs_again_has_told_nothing(gateway: RunningGateway) -> None:
    session = await running(gateway, "transcribe")
    session.answers[0].stages[0].state = pb.STAGE_STATE_RUNNING
    gateway.orchestrator.put(session)
    assert (await gateway.client.get(f"{V1}/answers/0")).json()["so_far"]["transcript"] is None


async def test_what_was_deleted_meanwhile_is_left_out(gateway: RunningGateway) -> None:
    await running(gateway, "transcribe", "evaluate")
    await gateway.store.delete(gateway.store.uri(f"sessions/{ID}/0/transcript.json"))
    known = (await gateway.client.get(f"{V1}/answers/0")).json()["so_far"]
    assert (known["transcript"], known["evaluation"]["total"]) == (None, 71)


async def test_the_result_replaces_what_was_known_so_far(gateway: RunningGateway) -> None:
    await running(gateway, "transcribe")
    await publish(gateway)
    answers = (await gateway.client.get(f"{V1}/answers")).json()["answers"]
    assert [answer["so_far"] for answer in answers] == [None, None, None]


async def running(gateway: RunningGateway, *ended: str) -> pb.Session:
    """The session while it runs; its first answer has ended these stages."""
    session = recorded_session()
    session.state = pb.SESSION_STATE_RUNNING
    for name in ended:
        session.answers[0].stages.add(name=name, state=pb.STAGE_STATE_COMPLETED)
    for name, content in EARLY.items():
        await gateway.store.write(f"sessions/{ID}/0/{name}.json", json.dumps(content).encode())
    gateway.orchestrator.put(session)
    return session
