"""Status, results, events, `/v1` and health against a scripted orchestrator."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.orchestrator import Sessions
from gateway.organisation import acting_for
from gateway.settings import GatewaySettings
from servicekit.client import open_channel
from servicekit.errors import ServiceError, upstream_down
from servicekit.settings import TlsSettings
from servicekit.wire import media_message
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.waiting import until

ID = "0123456789abcdef0123456789abcdef"
UNKNOWN = "f" * 32


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", public_url="https://hr.example/") as running:
        yield running


def session(state: pb.SessionState.ValueType = pb.SESSION_STATE_RUNNING) -> pb.Session:
    stages = [pb.Stage(name="transcribe", state=pb.STAGE_STATE_RUNNING, fraction=0.5)]
    answer = pb.Answer(index=0, question="Why?", state=pb.ANSWER_STATE_RUNNING, stages=stages, position_id=1)
    return pb.Session(session_id=ID, candidate_name="Siti", language_code="id", state=state, answers=[answer])


async def test_status_of_a_running_session(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session())
    response = await gateway.client.get(f"/status/{ID}")
    stage = {"name": "transcribe", "state": "running", "fraction": 0.5, "seconds": None, "error": None}
    assert response.json() == {
        "status": "processing",
        "message": "Processing video 1/1...",
        "progress": "1/1",
        "current_video": 1,
        "videos": [{"index": 0, "state": "running", "stages": [stage], "error": None}],
    }


@pytest.mark.parametrize("session_id", [UNKNOWN, "x", "..%2F..%2Fetc"])
async def test_unknown_sessions(gateway: RunningGateway, session_id: str) -> None:
    status = await gateway.client.get(f"/status/{session_id}")
    if "%2F" not in session_id:
        assert status.json() == {"status": "not_found", "message": "Session not found"}
        for path in (f"/results/{session_id}", f"/results/{session_id}.json"):
            found = await gateway.client.get(path)
            assert (found.status_code, found.json()) == (404, {"success": False, "message": "Results not found"})
    assert status.status_code == 404


async def test_results_are_the_published_object(gateway: RunningGateway) -> None:
    content = json.dumps({"success": True, "name": "Siti"}).encode()
    published = session(pb.SESSION_STATE_COMPLETED)
    published.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", content)))
    gateway.orchestrator.put(published)
    for path in (f"/results/{ID}", f"/results/{ID}.json"):
        response = await gateway.client.get(path)
        assert (response.status_code, response.content) == (200, content)
        assert response.headers["content-type"] == "application/json"
        assert response.headers["cache-control"] == "private, no-cache"


SPOKEN = {"text": "Saya bisa.", "words": [{"text": "Saya", "start_s": 0.5, "end_s": 1.0},
                                           {"text": "bisa.", "start_s": 1.0, "end_s": 1.5}]}  # fmt: skip


@pytest.mark.parametrize(
    ("suffix", "media_type", "text"),
    [
        ("vtt", "text/vtt; charset=utf-8", "00:00:00.500 --> 00:00:01.500\nSaya bisa."),
        ("srt", "application/x-subrip", "00:00:00,500 --> 00:00:01,500\nSaya bisa."),
        ("txt", "text/plain; charset=utf-8", "Saya bisa.\n"),
    ],
)
async def test_transcripts_to_take_along(gateway: RunningGateway, suffix: str, media_type: str, text: str) -> None:
    answers = [{"result": {"evidence": {"transcript": spoken}}} for spoken in ({"segments": [SPOKEN]}, None)]
    published = session(pb.SESSION_STATE_COMPLETED)
    content = json.dumps({"content": answers}).encode()
    published.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", content)))
    gateway.orchestrator.put(published)
    response = await gateway.client.get(f"/v1/sessions/{ID}/answers/0/transcript.{suffix}")
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert text in response.text
    for index in (1, 2):
        missing = await gateway.client.get(f"/v1/sessions/{ID}/answers/{index}/transcript.{suffix}")
        assert missing.status_code == 404
        assert missing.json()["error"]["details"][0]["reason"] == "TRANSCRIPT_NOT_FOUND"


async def test_no_transcript_before_there_is_a_result_nor_in_other_formats(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session())
    assert (await gateway.client.get(f"/v1/sessions/{ID}/answers/0/transcript.vtt")).status_code == 404
    assert (await gateway.client.get(f"/v1/sessions/{UNKNOWN}/answers/0/transcript.vtt")).status_code == 404
    for path in ("0/transcript.docx", "-1/transcript.vtt"):
        assert (await gateway.client.get(f"/v1/sessions/{ID}/answers/{path}")).status_code == 400


async def test_stills_and_timelines_and_nothing_else_of_a_session(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session(pb.SESSION_STATE_COMPLETED))
    for name, content in (("0/stills/3.jpg", b"jpeg"), ("0/timeline.json", b"{}"), ("0/voice.json", b"secret")):
        await gateway.store.write(f"sessions/{ID}/{name}", content)
    base = f"/v1/sessions/{ID}/artefacts"
    still = await gateway.client.get(f"{base}/0/stills/3.jpg")
    assert (still.content, still.headers["content-type"]) == (b"jpeg", "image/jpeg")
    assert (await gateway.client.get(f"{base}/0/timeline.json")).json() == {}
    for name in ("0/voice.json", "0/stills/4.jpg", "1/timeline.json", "0/stills/..%2f..%2f0/timeline.json"):
        missing = await gateway.client.get(f"{base}/{name}")
        assert (missing.status_code, missing.json()["error"]["status"]) == (404, "NOT_FOUND"), name
    assert (await gateway.client.get(f"/v1/sessions/{UNKNOWN}/artefacts/0/timeline.json")).status_code == 404


async def test_a_decision_from_evidence_to_objection(gateway: RunningGateway) -> None:
    published = session(pb.SESSION_STATE_COMPLETED)
    content = json.dumps({"content": [{"id": 1, "question": "Why?"}]}).encode()
    published.result.CopyFrom(media_message(await gateway.store.write(f"results/{ID}.json", content)))
    gateway.orchestrator.put(published)
    opened = await gateway.client.get(f"/v1/sessions/{ID}/answers/0/evidence", params={"reviewer": "Rina"})
    assert opened.json() == {"id": 1, "question": "Why?"}
    override = {"answer_index": 0, "kind": "score", "target": "quality", "value": "80", "reason": "Good."}
    body = {"reviewer": "Rina", "decision": "pass", "reason": "Clear.", "overrides": [override]}
    decided = await gateway.client.post(f"/v1/sessions/{ID}/reviews", json=body)
    assert decided.status_code == 201
    assert decided.json()["review_state"] == "decided"
    assert {k: decided.json()["review"][k] for k in body} == body
    contested = await gateway.client.post(f"/v1/sessions/{ID}/contests", json={"actor": "A", "objection": "Noise."})
    assert (contested.status_code, contested.json()["objection"]) == (201, "Noise.")
    audit = (await gateway.client.get(f"/v1/sessions/{ID}/audit")).json()
    assert [(e["actor"], e["action"], e["answer_index"]) for e in audit["entries"]] == [("Rina", "evidence_opened", 0)]
    assert audit["reviews"][0]["decision"] == "pass"


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "pass", "reason": "Clear."},
        {"reviewer": "Rina", "decision": "hire", "reason": "Clear."},
        {"reviewer": "Rina", "decision": "pass", "reason": ""},
    ],
)
async def test_a_wrong_decision_is_refused(gateway: RunningGateway, body: dict[str, str]) -> None:
    gateway.orchestrator.put(session(pb.SESSION_STATE_COMPLETED))
    assert (await gateway.client.post(f"/v1/sessions/{ID}/reviews", json=body)).status_code == 400


async def test_no_results_before_they_are_published_or_after_they_are_erased(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session())
    assert (await gateway.client.get(f"/results/{ID}")).status_code == 404
    erased = session(pb.SESSION_STATE_COMPLETED)
    erased.result.uri = gateway.store.uri(f"results/{ID}.json")
    gateway.orchestrator.put(erased)
    response = await gateway.client.get(f"/results/{ID}")
    assert (response.status_code, response.json()["message"]) == (404, "Results not found")


async def test_choices_of_an_upload(gateway: RunningGateway) -> None:
    [policy] = (await gateway.client.get("/v1/policies")).json()["policies"]
    assert (policy["name"], policy["requires_consent"], policy["is_default"]) == ("eu", True, False)
    [rubric] = (await gateway.client.get("/v1/rubrics")).json()["rubrics"]
    assert rubric["criteria"] == [{"name": "quality", "weight": 0.6667}]
    gateway.orchestrator.failure = upstream_down("The judge")
    away = await gateway.client.get("/v1/rubrics")
    assert (away.status_code, away.json()["error"]["details"][0]["reason"]) == (503, "UPSTREAM_DOWN")


async def test_events_follow_a_session_to_its_end(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session(pb.SESSION_STATE_PENDING))
    bodies = []
    async with gateway.client.stream("GET", f"/v1/sessions/{ID}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        async for event, data in _events(response):
            assert event == "session"
            bodies.append(json.loads(data))
            gateway.orchestrator.put(session(pb.SESSION_STATE_COMPLETED))
    assert [body["status"] for body in bodies] == ["processing", "completed"]
    assert bodies[-1] == (await gateway.client.get(f"/status/{ID}")).json()
    assert bodies[-1]["result"]["results_url"] == f"https://hr.example/results/{ID}.json"


async def test_a_client_that_leaves_ends_the_watch(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session())
    async with gateway.client.stream("GET", f"/v1/sessions/{ID}/events") as response:
        await anext(_events(response))
        assert gateway.orchestrator.watching == 1
    await until(lambda: not gateway.orchestrator.watching)


async def test_events_of_an_unknown_session_are_a_plain_404(gateway: RunningGateway) -> None:
    response = await gateway.client.get(f"/v1/sessions/{UNKNOWN}/events")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["status"]) == (404, 404, "NOT_FOUND")
    assert error["details"][0]["reason"] == "SESSION_NOT_FOUND"


async def test_v1_lists_gets_cancels_and_deletes(gateway: RunningGateway) -> None:
    for i in range(3):
        one = session()
        one.session_id = f"{i:032x}"
        gateway.orchestrator.put(one)
    page = (await gateway.client.get("/v1/sessions", params={"page_size": 2})).json()
    assert [s["session_id"] for s in page["sessions"]] == [f"{2:032x}", f"{1:032x}"]
    rest = (await gateway.client.get("/v1/sessions", params={"page_token": page["next_page_token"]})).json()
    assert ([s["session_id"] for s in rest["sessions"]], rest["next_page_token"]) == ([f"{0:032x}"], "")
    path = f"/v1/sessions/{1:032x}"
    found = (await gateway.client.get(path)).json()
    assert (found["state"], found["answers"][0]["question"], found["results_url"]) == ("running", "Why?", None)
    assert (await gateway.client.post(f"{path}:cancel")).json()["state"] == "cancelled"
    assert (await gateway.client.get(f"/status/{1:032x}")).json()["error"] == "Cancelled."
    assert (await gateway.client.delete(path)).json() == {"deleted_objects": 3}
    assert (await gateway.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "code", "status"),
    [
        ("GET", "/v1/sessions?page_size=0", 400, "INVALID_ARGUMENT"),
        ("GET", "/v1/nothing", 404, "NOT_FOUND"),
        ("PUT", f"/v1/sessions/{ID}", 405, "UNIMPLEMENTED"),
        ("POST", f"/v1/sessions/{UNKNOWN}:cancel", 404, "NOT_FOUND"),
        ("DELETE", "/v1/sessions/x", 404, "NOT_FOUND"),
    ],
)
async def test_v1_errors_have_one_shape(
    gateway: RunningGateway, method: str, path: str, code: int, status: str
) -> None:
    response = await gateway.client.request(method, path)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["status"]) == (code, code, status)
    assert error["message"]
    assert error["details"][0].keys() == {"reason", "domain", "metadata"}


async def test_ready_when_orchestrator_and_store_are(gateway: RunningGateway) -> None:
    assert (await gateway.client.get("/healthz")).json() == {"status": "ok"}
    response = await gateway.client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready", "missing": []})


async def test_being_asked_writes_nothing_more(gateway: RunningGateway) -> None:
    await gateway.client.get("/readyz")
    [probe] = [path for path in gateway.store_dir.rglob("*") if path.is_file()]
    written = probe.stat().st_mtime_ns
    assert (await gateway.client.get("/readyz")).status_code == 200
    assert probe.stat().st_mtime_ns == written
    probe.unlink()
    assert (await gateway.client.get("/readyz")).status_code == 200


async def test_not_ready_names_what_is_missing(gateway: RunningGateway) -> None:
    gateway.store_dir.rmdir()
    gateway.store_dir.write_text("no folder any more")
    response = await gateway.client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "not_ready", "missing": ["object_store"]})
    gateway.store_dir.unlink()


async def test_an_orchestrator_that_is_away_is_unavailable() -> None:
    async with open_channel("127.0.0.1:1", TlsSettings()) as channel:
        with acting_for("default"), pytest.raises(ServiceError, match="The orchestrator does not answer") as caught:
            await Sessions(channel, timeout_s=10).get(ID)
        assert caught.value.retryable
        with pytest.raises(ServiceError):
            await Sessions(channel).check(timeout_s=1)


async def test_pages_of_other_hosts_cannot_reach_it_under_their_own_name(gateway: RunningGateway) -> None:
    gateway.orchestrator.put(session())
    for host in ("evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""):
        refused = await gateway.client.get("/v1/sessions", headers={"Host": host})
        assert (refused.status_code, refused.json()["success"]) == (403, False)
        assert "GATEWAY_PUBLIC_URL" in refused.json()["error"]
    for host in ("localhost", "127.0.0.1:8000", "[::1]:8000", "hr.example"):
        assert (await gateway.client.get("/v1/sessions", headers={"Host": host})).status_code == 200


def test_it_does_not_listen_beyond_loopback_by_accident() -> None:
    with pytest.raises(ValueError, match="GATEWAY_SIGN_IN=true"):
        GatewaySettings.model_validate({"host": "0.0.0.0"})
    for settings in ({"host": "::1"}, {"host": "localhost"}, {"host": "0.0.0.0", "sign_in": True}):
        assert GatewaySettings.model_validate(settings).host == settings["host"]


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    event = ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            yield event, value
