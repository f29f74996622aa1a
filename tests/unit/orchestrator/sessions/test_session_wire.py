from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.reviews.tables import ReviewRow, ReviewState
from orchestrator.reviews.wire import override_value
from orchestrator.sessions.states import AnswerState, SessionState, StageState
from orchestrator.sessions.tables import AnswerRow, SessionRow, StageRow
from orchestrator.sessions.wire import page_token, page_token_value, session_message
from servicekit.errors import ServiceError

START = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def row() -> SessionRow:
    stage = StageRow(
        name="watch", position=3, state=StageState.FAILED, fraction=0.5, started_at=START, ended_at=None,
        error_reason="CAPACITY", error_message="Full.",
    )  # fmt: skip
    answer = AnswerRow(
        index=0, position_id=7, question="Why?", file_name="a.mp4", state=AnswerState.PARTIAL, error_reason="",
        error_message="", stages=[stage],
    )  # fmt: skip
    result = {"uri": "file:///store/results/x.json", "size_bytes": 5, "sha256": "0" * 64, "content_type": "text/x"}
    review = ReviewRow(
        reviewer="B", decision="fail", reason="Too little.", proposal="consider", result_sha256="0" * 64,
        created_at=START, overrides=[
            {"answer_index": 0, "kind": "SCORE", "target": "quality", "value": "70", "reason": "Fine."}
        ],
    )  # fmt: skip
    return SessionRow(
        id="0" * 32, candidate_name="A", language="id", state=SessionState.COMPLETED, message="Completed.",
        created_at=START, updated_at=START + timedelta(seconds=1), ended_at=START + timedelta(seconds=2),
        retention_end_at=None, result=result, consent_reference="c-1", answers=[answer],
        policy="eu", policy_sha256="1" * 64, review_state=ReviewState.CONTESTED, objection="Noise.", reviews=[review],
    )  # fmt: skip


def test_a_session_tells_everything_it_may() -> None:
    message = session_message(row())
    assert (message.state, message.language_code, message.consent_reference) == (
        pb.SESSION_STATE_COMPLETED, "id", "c-1",
    )  # fmt: skip
    assert message.create_time.ToDatetime(UTC) == START
    assert message.end_time.ToDatetime(UTC) - message.update_time.ToDatetime(UTC) == timedelta(seconds=1)
    assert not message.HasField("retention_end_time")
    assert (message.result.uri, message.result.size_bytes) == ("file:///store/results/x.json", 5)


def test_a_decision_tells_who_made_it_and_on_what() -> None:
    message = session_message(row())
    assert (message.policy, message.policy_sha256, message.objection) == ("eu", "1" * 64, "Noise.")
    assert message.review_state == pb.REVIEW_STATE_CONTESTED
    found = message.review
    assert (found.reviewer, found.decision, found.proposal) == ("B", pb.DECISION_FAIL, "consider")
    assert override_value(found.overrides[0]) == row().reviews[0].overrides[0]


def test_an_answer_tells_its_stages() -> None:
    answer = session_message(row()).answers[0]
    assert (answer.position_id, answer.file_name, answer.state) == (7, "a.mp4", pb.ANSWER_STATE_PARTIAL)
    stage = answer.stages[0]
    assert (stage.name, stage.state, stage.fraction) == ("watch", pb.STAGE_STATE_FAILED, 0.5)
    assert (stage.error_reason, stage.HasField("start_time"), stage.HasField("end_time")) == ("CAPACITY", True, False)


@pytest.mark.parametrize(
    ("states", "prefix"),
    [(SessionState, "SESSION"), (AnswerState, "ANSWER"), (StageState, "STAGE"), (ReviewState, "REVIEW")],
)
def test_the_stored_states_are_those_of_the_contract(states: type[StrEnum], prefix: str) -> None:
    contract = {
        "SESSION": pb.SessionState,
        "ANSWER": pb.AnswerState,
        "STAGE": pb.StageState,
        "REVIEW": pb.ReviewState,
    }[prefix]
    expected = {name.removeprefix(f"{prefix}_STATE_") for name in contract.keys()} - {"UNSPECIFIED"}  # noqa: SIM118
    assert set(states) == expected


def test_a_session_without_a_result_has_none() -> None:
    bare = row()
    bare.result = bare.ended_at = None
    message = session_message(bare)
    assert not message.HasField("result")
    assert not message.HasField("end_time")


@pytest.mark.parametrize("moment", [START, START.astimezone(timezone(timedelta(hours=7)))])
def test_a_page_token_comes_back(moment: datetime) -> None:
    last = row()
    last.created_at = moment
    assert page_token_value(page_token(last)) == (START, "0" * 32)


def token(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "bad",
    ["rubbish", "é", "AAAA", token("today x"), token("2026-01-01T00:00:00 x"), token("2026-01-01T00:00:00+00:00")],
)
def test_another_token_is_refused(bad: str) -> None:
    with pytest.raises(ServiceError, match="FIELD_INVALID: page_token"):
        page_token_value(bad)
