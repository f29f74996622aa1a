"""A recording that went up in pieces becomes a session, and nothing of it stays."""

from __future__ import annotations

import httpx
import pytest
from tusclient.client import TusClient

from interview_client import InterviewClient
from local.system import LocalSystem
from tests.integration.sessions import sample_answer, wait

pytestmark = [pytest.mark.slow, pytest.mark.model]
PIECE_BYTES = 200_000


def test_a_resumed_upload_is_assessed_and_leaves_no_recording(system: LocalSystem, client: InterviewClient) -> None:
    answer = sample_answer(0)
    tus = TusClient(f"{system.url}/v1/uploads")
    with answer.path.open("rb") as file:
        begun = tus.uploader(file_stream=file, chunk_size=PIECE_BYTES, metadata={"filename": answer.path.name})
        begun.upload(stop_at=PIECE_BYTES)
        tus.uploader(file_stream=file, chunk_size=PIECE_BYTES, url=begun.url).upload()
    upload_id = str(begun.url).rpartition("/")[2]
    body = {"candidate_name": "A", "answers": [{"question": answer.question, "upload_id": upload_id}]}
    made = httpx.post(f"{system.url}/v1/sessions", json=body, trust_env=False, timeout=None)
    assert made.status_code == 201
    session_id = made.json()["session_id"]
    assert wait(client, session_id)["status"] == "completed"
    assert "payment" in client.results(session_id)["content"][0]["result"]["transkripsi_en"]
    size = answer.path.stat().st_size
    objects = [path for path in (system.state / "objects").rglob("*") if path.is_file()]
    mine = [p for p in objects if session_id in p.parts or upload_id in p.parts]
    assert mine
    assert not [p for p in mine if p.name in ("video", "sound.flac") or "parts" in p.parts or p.stat().st_size == size]
