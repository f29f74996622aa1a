from __future__ import annotations

import tracemalloc
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from interview_client.calls import upload_fields
from interview_client.errors import InterviewError
from interview_client.models import NewAnswer, SubmitOptions
from interview_client.upload import upload_request

SIZE_BYTES = 256 << 20


def test_memory_stays_flat(tmp_path: Path) -> None:
    with (tmp_path / "big.mp4").open("wb") as file:
        file.truncate(SIZE_BYTES)
    answer = NewAnswer(tmp_path / "big.mp4", "Why?")
    with httpx.Client(base_url="http://127.0.0.1") as http, ExitStack() as files:
        tracemalloc.start()
        request = upload_request(http, files, upload_fields("A", [answer], "en", {}), [answer], None)
        assert isinstance(request.stream, httpx.SyncByteStream)
        sent_bytes = sum(len(chunk) for chunk in request.stream)
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert sent_bytes == int(request.headers["Content-Length"]) > SIZE_BYTES
    assert peak_bytes < 2 << 20


def test_missing_file_is_named(tmp_path: Path) -> None:
    answer = NewAnswer(tmp_path / "gone.mp4", "Why?")
    with (
        httpx.Client(base_url="http://127.0.0.1") as http,
        ExitStack() as files,
        pytest.raises(InterviewError, match=r"Cannot read .*gone\.mp4: No such file"),
    ):
        upload_request(http, files, {}, [answer], None)


def test_optional_fields_are_left_out_or_complete() -> None:
    plain = [NewAnswer(Path("a"), "One?"), NewAnswer(Path("b"), "Two?")]
    least = upload_fields("A", plain, "en", {"policy": "", "project_score": None})
    assert set(least) == {"candidate_name", "language", "questions"}
    mixed = [NewAnswer(Path("a"), "One?", "Key point."), NewAnswer(Path("b"), "Two?", language="id")]
    options = SubmitOptions(consent_reference="C-17", project_score=0.0, idempotency_key="k")
    fields = upload_fields("A", mixed, "en", options)
    assert "idempotency_key" not in fields
    assert fields["reference"] == ["Key point.", ""]
    assert fields["answer_language"] == ["", "id"]
    assert (fields["consent_reference"], fields["project_score"]) == ("C-17", "0.0")
