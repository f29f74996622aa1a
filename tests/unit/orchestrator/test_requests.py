from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from interview.common.v1.media_pb2 import MediaRef
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.requests import page_size, session_row
from servicekit.errors import ServiceError
from servicekit.media import MediaStore
from servicekit.settings import StoreSettings


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(StoreSettings(INTERVIEW_OBJECT_STORE=str(tmp_path)))


def request(media: MediaStore, **changes: Any) -> pb.CreateSessionRequest:
    answer = pb.NewAnswer(question="Why?", media=MediaRef(uri=media.uri("sessions/x/0/video")))
    fields = {"candidate_name": "A", "language_code": "en", "answers": [answer]} | changes
    return pb.CreateSessionRequest(**fields)


def test_a_session_gets_its_answers_and_stages(media: MediaStore) -> None:
    link = pb.NewAnswer(question="How?", url="https://example.com/v.mp4", position_id=7, language_code="id")
    row = session_row(request(media, answers=[*request(media).answers, link]), media, 20)
    assert [a.position_id for a in row.answers] == [1, 7]
    assert [a.language for a in row.answers] == ["en", "id"]
    assert [a.stages[0].state for a in row.answers] == ["SKIPPED", "PENDING"]
    assert len(row.id) == 32


def bad(media: MediaStore) -> dict[str, dict[str, Any]]:
    outside = pb.NewAnswer(question="Why?", media=MediaRef(uri="file:///etc/passwd"))
    climbing = pb.NewAnswer(question="Why?", media=MediaRef(uri=media.uri("a/../../etc/passwd")))
    return {
        "session_id": {"session_id": "xyz"},
        "candidate_name": {"candidate_name": " "},
        "language_code": {"language_code": "fr"},
        "project_score": {"project_score": 101.0},
        "answers": {"answers": []},
        "answers[0].question": {"answers": [pb.NewAnswer(question="", url="https://example.com/v")]},
        "answers[0].source": {"answers": [pb.NewAnswer(question="Why?")]},
        "answers[0].url": {"answers": [pb.NewAnswer(question="Why?", url="ftp://example.com/v")]},
        "media.uri": {"answers": [outside]},
        "media.uri ": {"answers": [climbing]},
    }


def test_every_bad_field_is_named(media: MediaStore) -> None:
    for field, changes in bad(media).items():
        with pytest.raises(ServiceError) as caught:
            session_row(request(media, **changes), media, 20)
        assert caught.value.reason == "FIELD_INVALID", field
        assert caught.value.metadata["field"] == field.strip()


def test_the_same_request_has_the_same_fingerprint(media: MediaStore) -> None:
    one, same = (session_row(request(media, session_id="0" * 32), media, 20) for _ in range(2))
    other = session_row(request(media, session_id="0" * 32, candidate_name="B"), media, 20)
    assert one.request_sha256 == same.request_sha256 != other.request_sha256


def test_too_many_answers(media: MediaStore) -> None:
    with pytest.raises(ServiceError, match="1 to 2 answers, got 3"):
        session_row(request(media, answers=list(request(media).answers) * 3), media, 2)


def test_page_size() -> None:
    assert (page_size(0), page_size(7)) == (50, 7)
    with pytest.raises(ServiceError):
        page_size(201)
