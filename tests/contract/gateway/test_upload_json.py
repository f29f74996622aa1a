"""`POST /upload_json`: both body forms, and the original's words for what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway import RunningGateway, running_gateway


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path / "objects", max_videos=2, max_json_bytes=20_000) as running:
        yield running


def interview(**changes: Any) -> dict[str, Any]:
    return {
        "positionId": 7,
        "question": "Why us?",
        "isVideoExist": True,
        "recordedVideoUrl": "https://drive.google.com/file/d/abc/view",
        **changes,
    }


def flat(*interviews: object, **changes: Any) -> dict[str, Any]:
    return {"candidate_name": "Siti", "interviews": list(interviews), "language": "id", **changes}


def nested(*interviews: object, **changes: Any) -> dict[str, Any]:
    data = {"candidate": {"name": "Siti"}, "reviewChecklists": {"interviews": list(interviews)}}
    return {"success": True, "data": data, "language": "id", **changes}


@pytest.mark.parametrize("body_form", [flat, nested])
async def test_both_forms_become_a_session(gateway: RunningGateway, body_form: Any) -> None:
    left_out = interview(isVideoExist=False, recordedVideoUrl=None, question=None)
    body = body_form(left_out, interview(), interview(positionId=None, language="en", reference="Points"))
    response = await gateway.client.post("/upload_json", json=body)
    reply, created = response.json(), gateway.orchestrator.created[0]
    assert response.status_code == 200
    assert reply == {
        "success": True,
        "session_id": created.session_id,
        "uploaded_videos": 2,
        "video_count": 2,
        "message": "Videos are being downloaded and processed in background",
    }
    first, second = created.answers
    assert (created.candidate_name, created.language_code, first.question) == ("Siti", "id", "Why us?")
    assert (first.url, first.position_id) == ("https://drive.google.com/file/d/abc/view", 7)
    assert (second.HasField("position_id"), second.language_code, second.reference) == (False, "en", "Points")


async def test_language_is_english_when_missing(gateway: RunningGateway) -> None:
    body = flat(interview())
    del body["language"]
    assert (await gateway.client.post("/upload_json", json=body)).status_code == 200
    assert gateway.orchestrator.created[0].language_code == "en"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "Invalid JSON: missing success or data"),
        ({"success": False, "data": {}}, "Invalid JSON: missing success or data"),
        ({"success": True}, "Invalid JSON: missing success or data"),
        ([], "Invalid JSON: the body must be an object"),
        ({"success": True, "data": {"reviewChecklists": {}}}, "Missing candidate name"),
        (flat(interview(), candidate_name=""), "Missing candidate name"),
        ({"success": True, "data": {"candidate": {"name": "Siti"}}}, "Missing interviews data"),
        ({"candidate_name": "Siti"}, "Missing interviews data"),
        (nested(), "Interviews array is empty"),
        (flat(interview(), language="fr"), "Invalid language: fr"),
        (flat(interview(), language=5), "Invalid language: 5"),
        (flat(interview(), interview(recordedVideoUrl="")), "Interview 2: missing recordedVideoUrl"),
        (
            flat(interview(recordedVideoUrl="file:///etc/passwd")),
            "Interview 1: recordedVideoUrl must start with http:// or https://",
        ),
        (flat(interview(question=" ")), "The question of interview 1 is empty: every video needs its question."),
        (flat(interview(positionId="x")), "Interview 1: positionId Input should be a valid integer"),
        (flat("x"), "Interview 1: Input should be a valid dictionary or instance of Interview"),
        (flat(interview(language="fr")), "Interview 1: Invalid language: fr"),
        (flat(*[interview()] * 3), "Too many videos: at most 2 in one request."),
        (
            flat(interview(isVideoExist=False)),
            "No interview has a video: isVideoExist is false for all of them",
        ),
    ],
)
async def test_a_wrong_body_is_refused(gateway: RunningGateway, body: object, error: str) -> None:
    response = await gateway.client.post("/upload_json", json=body)
    assert (response.status_code, response.json()) == (400, {"success": False, "error": error})
    assert gateway.orchestrator.created == []


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"{", 400, "Invalid JSON: the body is not JSON"),
        (b"[" * 19_000, 400, "Invalid JSON: the body is not JSON"),
        (b"\xff", 400, "Invalid JSON: the body is not JSON"),
        (b" " * 20_001, 413, "The body is larger than 20000 bytes."),
    ],
)
async def test_what_is_no_json_is_refused(gateway: RunningGateway, content: bytes, status: int, error: str) -> None:
    response = await gateway.client.post("/upload_json", content=content)
    assert (response.status_code, response.json()) == (status, {"success": False, "error": error})
