from __future__ import annotations

import math
from typing import Any

import pytest
from interview.common.v1.media_pb2 import MediaRef
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.policies import policy
from orchestrator.sessions.request import page_size, session_row
from servicekit.errors import ServiceError
from servicekit.media import MediaStore

POLICIES = policy.load()
CONFIGURED: dict[str, Any] = {"max_answers": 20, "policies": POLICIES, "default": "default"}


def request(media: MediaStore, **changes: Any) -> pb.CreateSessionRequest:
    answer = pb.NewAnswer(question="Why?", media=MediaRef(uri=media.uri("sessions/x/0/video")))
    fields = {"candidate_name": "A", "language_code": "en", "answers": [answer]} | changes
    return pb.CreateSessionRequest(**fields)


def test_a_session_gets_its_answers_and_stages(media: MediaStore) -> None:
    link = pb.NewAnswer(question="How?", url="https://example.com/v.mp4", position_id=7, language_code="id")
    row = session_row(request(media, answers=[*request(media).answers, link]), media, **CONFIGURED)
    assert [a.position_id for a in row.answers] == [1, 7]
    assert [a.language for a in row.answers] == ["en", "id"]
    assert [a.stages[0].state for a in row.answers] == ["SKIPPED", "PENDING"]
    assert len(row.id) == 32


def one(**fields: Any) -> dict[str, Any]:
    """A request with one answer, right but for `fields`."""
    source = {} if {"url", "media"} & fields.keys() else {"url": "https://example.com/v.mp4"}
    return {"answers": [pb.NewAnswer(**({"question": "Why?"} | source | fields))]}


BAD: list[tuple[str, dict[str, Any]]] = [
    ("session_id", {"session_id": "xyz"}),
    ("session_id", {"session_id": "A" * 32}),
    ("candidate_name", {"candidate_name": " "}),
    ("candidate_name", {"candidate_name": "a" * 201}),
    ("candidate_name", {"candidate_name": "a\0b"}),
    ("language_code", {"language_code": "fr"}),
    ("consent_reference", {"consent_reference": "a" * 201}),
    ("project_score", {"project_score": 101.0}),
    ("project_score", {"project_score": math.nan}),
    ("answers", {"answers": []}),
    ("answers[0].question", one(question="")),
    ("answers[0].question", one(question="a" * 2001)),
    ("answers[0].reference", one(reference="a" * 10_001)),
    ("answers[0].file_name", one(file_name="a" * 201)),
    ("answers[0].language_code", one(language_code="fr")),
    ("answers[0].source", {"answers": [pb.NewAnswer(question="Why?")]}),
    *[
        ("answers[0].url", one(url=url))
        for url in ("ftp://example.com/v", "https://", "v.mp4", "http://[", "http://a:99999/")
    ],
    ("answers[0].media.uri", one(media=MediaRef())),
    ("answers[0].media.uri", one(media=MediaRef(uri="file:///etc/passwd"))),
]


@pytest.mark.parametrize(("field", "changes"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_every_bad_field_is_named(media: MediaStore, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ServiceError) as caught:
        session_row(request(media, **changes), media, **CONFIGURED)
    assert (caught.value.reason, caught.value.metadata["field"]) == ("FIELD_INVALID", field)


def test_no_path_climbs_out_of_the_store(media: MediaStore) -> None:
    with pytest.raises(ServiceError, match=r"answers\[0\]\.media\.uri"):
        session_row(
            request(media, **one(media=MediaRef(uri=media.uri("a/../../etc/passwd")))), media, 20, POLICIES, "default"
        )


def test_a_project_score_of_zero_is_not_none(media: MediaStore) -> None:
    assert session_row(request(media, project_score=0.0), media, **CONFIGURED).project_score == 0.0
    assert session_row(request(media), media, **CONFIGURED).project_score is None


def test_the_same_request_has_the_same_fingerprint(media: MediaStore) -> None:
    one, same = (session_row(request(media, session_id="0" * 32), media, **CONFIGURED) for _ in range(2))
    other = session_row(request(media, session_id="0" * 32, candidate_name="B"), media, **CONFIGURED)
    assert one.request_sha256 == same.request_sha256 != other.request_sha256


def test_too_many_answers(media: MediaStore) -> None:
    with pytest.raises(ServiceError, match="1 to 2 answers, got 3"):
        session_row(request(media, answers=list(request(media).answers) * 3), media, 2, POLICIES, "default")


def test_page_size() -> None:
    assert (page_size(0), page_size(7)) == (50, 7)
    with pytest.raises(ServiceError):
        page_size(201)


def test_a_session_has_a_policy(media: MediaStore) -> None:
    row = session_row(request(media), media, **CONFIGURED)
    assert (row.policy, row.policy_sha256) == ("default", POLICIES["default"].sha256)
    named = request(media, policy="eu", consent_reference="form 7")
    assert session_row(named, media, **CONFIGURED).policy == "eu"


def test_a_session_has_a_rubric(media: MediaStore) -> None:
    assert session_row(request(media), media, **CONFIGURED).rubric == ""
    assert session_row(request(media, rubric=" software "), media, **CONFIGURED).rubric == "software"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"policy": "none"}, "policy"), ({"rubric": "r" * 65}, "rubric"), ({"policy": "eu"}, "consent_reference")],
)
def test_a_policy_must_exist_and_have_its_consent(media: MediaStore, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ServiceError) as caught:
        session_row(request(media, **changes), media, **CONFIGURED)
    assert caught.value.metadata == {"field": field}


def test_where_a_recording_lies_is_no_part_of_what_is_asked_for(media: MediaStore) -> None:
    def asked(place: str, sha256: str) -> str:
        found = MediaRef(uri=media.uri(place), sha256=sha256)
        answers = [pb.NewAnswer(question="Why?", media=found)]
        return session_row(request(media, answers=answers), media, **CONFIGURED).request_sha256

    assert asked("sessions/x/0/video/1", "a" * 64) == asked("sessions/x/0/video/2", "a" * 64)
    assert asked("sessions/x/0/video/1", "a" * 64) != asked("sessions/x/0/video/1", "b" * 64)
    assert asked("sessions/x/0/video/1", "") != asked("sessions/x/0/video/2", "")
