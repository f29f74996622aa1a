"""Sessions of recordings that were uploaded before, or that lie at URLs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import grpc
import pytest

from gateway.access.invitation import Invitation
from gateway.uploads import blocks as resumable
from servicekit.errors import ServiceError, upstream_down
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.tus import reason, session_of, uploaded

SECRET = "s" * 40


@pytest.fixture
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningGateway]:
    monkeypatch.setattr(resumable, "PART_BYTES", 100)
    async with running_gateway(tmp_path / "objects", signing_key=SECRET) as running:
        yield running


async def test_a_session_of_uploads_and_urls(gateway: RunningGateway) -> None:
    body = session_of(await uploaded(gateway, b"one"), rubric="software", project_score=80)
    body["answers"].append({"question": "How?", "url": "https://example.org/b.mp4", "language": "en", "position_id": 7})
    made = await gateway.client.post("/v1/sessions", json=body)
    assert (made.status_code, made.json()["state"]) == (201, "pending")
    created = gateway.orchestrator.created[-1]
    assert (created.candidate_name, created.language_code, created.rubric, created.project_score) == (
        "Siti Rahma",
        "id",
        "software",
        80,
    )
    first, second = created.answers
    assert (first.file_name, first.media.size_bytes) == ("a.mp4", 3)
    assert f"sessions/{created.session_id}/0/upload/" in first.media.uri
    assert (second.url, second.language_code, second.position_id) == ("https://example.org/b.mp4", "en", 7)


async def test_sessions_that_ask_for_too_little_or_too_much(gateway: RunningGateway) -> None:
    for body in (
        session_of(),
        session_of("0" * 32, language="fr"),
        session_of("0" * 32, candidate_name=""),
        {"candidate_name": "A", "answers": [{"question": "Why?"}]},
        {"candidate_name": "A", "answers": [{"question": "Why?", "upload_id": "0" * 32, "url": "https://example.org"}]},
        session_of(*["0" * 32] * 21),
    ):
        answer = await gateway.client.post("/v1/sessions", json=body)
        assert (answer.status_code, reason(answer)) == (400, "FIELD_INVALID")
    unknown = await gateway.client.post("/v1/sessions", json=session_of("0" * 32))
    assert (unknown.status_code, reason(unknown)) == (404, "UPLOAD_NOT_FOUND")


async def test_a_refused_session_leaves_its_uploads_to_be_used_again(gateway: RunningGateway) -> None:
    upload_id = await uploaded(gateway, b"one")
    gateway.orchestrator.failure = ServiceError(grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID", "policy: unknown")
    assert (await gateway.client.post("/v1/sessions", json=session_of(upload_id, policy="x"))).status_code == 400
    assert not [name for name in gateway.files() if name.startswith("sessions/")]
    gateway.orchestrator.failure = None
    assert (await gateway.client.post("/v1/sessions", json=session_of(upload_id))).status_code == 201
    other = await gateway.client.post("/v1/sessions", json=session_of(upload_id))
    assert (other.status_code, reason(other)) == (409, "UPLOAD_TAKEN")


async def test_a_session_that_may_have_started_can_be_asked_for_again(gateway: RunningGateway) -> None:
    body, key = session_of(await uploaded(gateway, b"one")), {"Idempotency-Key": "siti-1"}
    gateway.orchestrator.failure = upstream_down("The database")
    assert (await gateway.client.post("/v1/sessions", json=body, headers=key)).status_code == 503
    gateway.orchestrator.failure = None
    made = await gateway.client.post("/v1/sessions", json=body, headers=key)
    again = await gateway.client.post("/v1/sessions", json=body, headers=key)
    assert (made.status_code, again.status_code) == (201, 201)
    assert made.json()["session_id"] == again.json()["session_id"]
    assert again.headers["idempotency-replayed"] == "true"
    other = await gateway.client.post("/v1/sessions", json=body | {"candidate_name": "Budi"}, headers=key)
    assert (other.status_code, reason(other)) == (409, "SESSION_EXISTS")
    assert await gateway.store.read(gateway.orchestrator.created[-1].answers[0].media.uri) == b"one"


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sign-in", "/v1/upload-link", "/upload_json"])
async def test_json_that_never_ends_is_refused(gateway: RunningGateway, path: str) -> None:
    invitation = Invitation(session_id="a" * 32, candidate_name="Siti", language="id", questions=("Mengapa?",))
    token, _ = invitation.token(SECRET, timedelta(hours=1))
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    async def endless() -> AsyncIterator[bytes]:
        yield b'{"key": "'
        for _ in range(64):
            yield b"a" * (64 << 10)

    answer = await gateway.client.post(path, content=endless(), headers=headers)
    assert answer.status_code == 413
    assert "error" in answer.json()
