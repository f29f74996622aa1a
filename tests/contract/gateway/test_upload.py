"""`POST /upload` against a real HTTP server, a real object store and a scripted orchestrator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from gateway.submissions import form as received
from gateway.submissions.form import discard
from gateway.submissions.idempotency import Attempt
from servicekit import media
from servicekit.errors import ServiceError, field_invalid, internal_error, upstream_down
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.waiting import until

VIDEO = b"\x1aE\xdf\xa3" + bytes(range(256)) * 600
Field = tuple[str, str, bytes]


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", max_videos=3, max_video_bytes=1 << 20) as running:
        yield running


def text(name: str, value: str) -> Field:
    return f'name="{name}"', "", value.encode()


def video(content: bytes = VIDEO, file_name: str = "a.mp4", name: str = "videos") -> Field:
    return f'name="{name}"; filename="{file_name}"', "Content-Type: video/mp4\r\n", content


def form(*fields: Field, end: bytes = b"--frontier--\r\n") -> bytes:
    parts = [
        f"--frontier\r\nContent-Disposition: form-data; {name}\r\n{header}\r\n".encode() + content + b"\r\n"
        for name, header, content in fields
    ]
    return b"".join(parts) + end


HEADERS = {"Content-Type": "multipart/form-data; boundary=frontier"}
NAME, LANGUAGE, QUESTION = text("candidate_name", "Siti"), text("language", "id"), text("question", "Why us?")


async def post(gateway: RunningGateway, *fields: Field) -> tuple[int, dict[str, object]]:
    response = await gateway.client.post("/upload", content=form(*fields), headers=HEADERS)
    return response.status_code, response.json()


async def test_videos_and_questions_become_a_session(gateway: RunningGateway) -> None:
    second = b"\r\n--frontie" + VIDEO
    status, body = await post(
        gateway, video(), NAME, QUESTION, LANGUAGE, text("question", "Why now?"), video(second, "../../b c.webm")
    )
    assert (status, body["success"], body["uploaded_videos"]) == (200, True, 2)
    session_id = str(body["session_id"])
    assert len(session_id) == 32
    created = gateway.orchestrator.created[0]
    assert (created.session_id, created.candidate_name, created.language_code) == (session_id, "Siti", "id")
    assert [a.question for a in created.answers] == ["Why us?", "Why now?"]
    assert [a.file_name for a in created.answers] == ["a.mp4", "b c.webm"]
    assert [await gateway.store.read(a.media.uri) for a in created.answers] == [VIDEO, second]
    assert [a.media.size_bytes for a in created.answers] == [len(VIDEO), len(second)]
    folders = [path.rpartition("/")[0] for path in gateway.files()]
    assert folders == [f"sessions/{session_id}/{i}/upload" for i in (0, 1)]


async def test_optional_fields_reach_the_orchestrator(gateway: RunningGateway) -> None:
    status, _ = await post(
        gateway,
        NAME,
        text("project_score", "88.5"),
        text("consent_reference", "form 17"),
        text("questions[]", "One?"),
        text("questions[]", "Two?"),
        text("answer_language", ""),
        text("answer_language", "id"),
        text("reference", "Key points"),
        text("reference", ""),
        video(name="videos[]"),
        video(name="videos[]"),
    )
    created = gateway.orchestrator.created[0]
    assert status == 200
    assert (created.project_score, created.consent_reference, created.language_code) == (88.5, "form 17", "en")
    assert [(a.language_code, a.reference) for a in created.answers] == [("", "Key points"), ("id", "")]


async def test_questions_may_be_one_json_array(gateway: RunningGateway) -> None:
    status, _ = await post(gateway, NAME, text("questions", json.dumps(["One?", "[Two]?"])), video(), video())
    assert status == 200
    assert [a.question for a in gateway.orchestrator.created[0].answers] == ["One?", "[Two]?"]


async def test_an_empty_file_is_left_to_the_assessment(gateway: RunningGateway) -> None:
    status, _ = await post(gateway, NAME, QUESTION, video(b"", "empty.mp4"))
    assert status == 200
    assert await gateway.store.read(gateway.orchestrator.created[0].answers[0].media.uri) == b""


TOO_MANY = [NAME, *[QUESTION] * 4, *[video()] * 4]


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ([NAME, QUESTION, video(), video()], 400, "Questions count (1) must match videos count (2)"),
        ([QUESTION, video()], 400, "Missing candidate name"),
        ([text("candidate_name", "  "), QUESTION, video()], 400, "Missing candidate name"),
        ([NAME, QUESTION], 400, "No videos: add at least one file in the field videos."),
        ([NAME, QUESTION, video(b"", "")], 400, "No videos: add at least one file in the field videos."),
        ([NAME, text("language", "fr"), QUESTION, video()], 400, "Invalid language: fr"),
        ([NAME, text("answer_language", "xx"), QUESTION, video()], 400, "Invalid language: xx"),
        (TOO_MANY, 400, "Too many videos: at most 3 in one request."),
        ([NAME, text("question", " "), video()], 400, "The question 1 is empty: every video needs its question."),
        ([NAME, text("question", "x" * 2001), video()], 400, "The question 1 is longer than 2000 characters."),
        ([NAME, QUESTION, text("project_score", "nan"), video()], 400, "project_score must be a number from 0 to 100"),
        (
            [NAME, QUESTION, video(bytes(1 << 20) + b"x")],
            413,
            "Video 1 is larger than 1048576 bytes. Export it smaller.",
        ),
        ([text("candidate_name", "x" * 70_000)], 413, "The field candidate_name is longer than 65536 bytes."),
        (
            [NAME, QUESTION, video(name="film")],
            400,
            "Unexpected file field 'film': send the recordings in the field videos.",
        ),
        (
            [NAME, QUESTION, text("reference", "a"), text("reference", "b"), video()],
            400,
            "reference count (2) must match videos count (1), or leave the field out",
        ),
        ([text("x", "")] * 60, 400, "The form has too many fields."),
    ],
)
async def test_a_wrong_form_is_refused_and_nothing_is_kept(
    gateway: RunningGateway, fields: list[Field], status: int, error: str
) -> None:
    assert await post(gateway, *fields) == (status, {"success": False, "error": error})
    assert gateway.files() == []
    assert gateway.orchestrator.created == []


@pytest.mark.parametrize(
    ("content_type", "body", "error"),
    [
        ("multipart/form-data", form(NAME), "The Content-Type header has no valid boundary."),
        ("application/json", b"{}", "Send the form as multipart/form-data."),
        (HEADERS["Content-Type"], form(NAME, QUESTION, video(), end=b""), "The upload is incomplete"),
        (HEADERS["Content-Type"], b"", "The upload is incomplete"),
        (HEADERS["Content-Type"], b"hello", "The body is not valid multipart/form-data"),
        (HEADERS["Content-Type"], b"--frontier\r\nX: y\r\n\r\nz\r\n--frontier--\r\n", "a part has no name"),
    ],
)
async def test_a_malformed_body_is_refused_and_nothing_is_kept(
    gateway: RunningGateway, content_type: str, body: bytes, error: str
) -> None:
    response = await gateway.client.post("/upload", content=body, headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert error in response.json()["error"]
    assert gateway.files() == []


async def test_a_length_over_every_limit_is_refused_at_once(gateway: RunningGateway) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    head = f"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: {HEADERS['Content-Type']}\r\n"
    writer.write(f"{head}Content-Length: 9999999999\r\n\r\n".encode())
    assert b" 413 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(
    gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, name in ((media, "PART_BYTES"), (received, "CHUNK_BYTES")):
        monkeypatch.setattr(place, name, 1000)  # of a shorter stream nothing is stored before its end
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    head = f"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: {HEADERS['Content-Type']}\r\n"
    whole = form(NAME, QUESTION, video(), video())
    writer.write(f"{head}Content-Length: {len(whole)}\r\n\r\n".encode() + whole[:-1000])
    await writer.drain()
    await until(lambda: len(gateway.files()) == 2)  # the first video is stored, the second under way
    writer.close()
    await writer.wait_closed()
    await until(lambda: gateway.files() == [])
    assert gateway.orchestrator.created == []


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (field_invalid("answers", "too many"), 400),
        (ServiceError(grpc.StatusCode.ALREADY_EXISTS, "SESSION_EXISTS", "There is such a session."), 409),
    ],
)
async def test_a_refusing_orchestrator_leaves_nothing_behind(
    gateway: RunningGateway, failure: ServiceError, status: int
) -> None:
    gateway.orchestrator.failure = failure
    assert await post(gateway, NAME, QUESTION, video()) == (status, {"success": False, "error": failure.message})
    assert gateway.files() == []


@pytest.mark.parametrize("when", ["failure", "failure_after"])
@pytest.mark.parametrize(
    "failure",
    [upstream_down("The database"), internal_error(), ServiceError(grpc.StatusCode.DEADLINE_EXCEEDED, "LATE", "Late.")],
    ids=lambda failure: str(failure.reason),
)
async def test_what_may_have_been_recorded_keeps_its_recording(
    gateway: RunningGateway, failure: ServiceError, when: str
) -> None:
    setattr(gateway.orchestrator, when, failure)
    status, _ = await post(gateway, NAME, QUESTION, video())
    assert status >= 500
    assert len(gateway.files()) == 1
    for created in gateway.orchestrator.created:
        assert await gateway.store.exists(created.answers[0].media.uri)


async def test_a_caller_that_leaves_while_its_session_is_recorded_loses_no_recording(gateway: RunningGateway) -> None:
    attempt, recording = Attempt("0" * 32, replayed=False), asyncio.Event()
    attempt.stored.append(key := attempt.key(0))
    await gateway.store.write(key, b"video")

    class Hanging:
        async def create(self, request: pb.CreateSessionRequest) -> pb.Session:
            recording.set()
            return await asyncio.Future()

    async def request() -> None:
        try:
            await attempt.hand_in(cast(Any, Hanging()), pb.CreateSessionRequest())
        except BaseException:
            await discard(gateway.store, attempt)
            raise

    asking = asyncio.create_task(request())
    await recording.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert gateway.files() == [key]
