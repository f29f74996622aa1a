from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from interview.orchestrator.v1 import orchestrator_service_pb2 as pb

from orchestrator.audit.store import AuditStore
from orchestrator.reviews.service import Reviews
from orchestrator.reviews.tables import ReviewState
from orchestrator.sessions.states import AnswerState, SessionState
from orchestrator.sessions.store import SessionStore
from orchestrator.sessions.tables import AnswerRow, SessionRow
from orchestrator.sessions.wire import session_message
from servicekit.errors import ServiceError
from servicekit.media import MediaStore

ID = "0" * 32
OVERRIDE = {
    "answer_index": 0, "kind": pb.OVERRIDE_KIND_FINDING_DISMISSED, "target": "second_voice@3.0", "reason": "The radio.",
}  # fmt: skip


@pytest.fixture
async def store(store: SessionStore) -> SessionStore:
    await store.create(row())
    return store


@pytest.fixture
async def reviews(store: SessionStore, media: MediaStore) -> Reviews:
    """Of a session that was published with three answers, the last of which failed."""
    content = json.dumps({"decision_proposal": {"outcome": "consider"}}).encode()
    written = await media.write(f"results/{ID}.json", content)
    await store.publish(ID, SessionState.COMPLETED, "Completed.", written, timedelta(days=1))
    return Reviews(store, media)


def row() -> SessionRow:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    states = (AnswerState.COMPLETED, AnswerState.PARTIAL, AnswerState.FAILED)
    answers = [
        AnswerRow(index=i, position_id=i + 1, question="Why?", language="en", state=state)
        for i, state in enumerate(states)
    ]
    return SessionRow(
        id=ID, request_sha256="", candidate_name="A", language="en", state=SessionState.RUNNING, created_at=now,
        updated_at=now, answers=answers,
    )  # fmt: skip


async def stored(store: SessionStore) -> SessionRow:
    found = await store.get(ID)
    assert found is not None
    return found


def review(**changes: Any) -> pb.Review:
    fields: dict[str, Any] = {"reviewer": "Rina", "decision": pb.DECISION_PASS, "reason": "Clear examples."} | changes
    return pb.Review(**fields)


async def open_all(reviews: Reviews, store: SessionStore, reviewer: str = "Rina") -> None:
    for index in (0, 1):
        await reviews.open_evidence(await stored(store), index, reviewer)


async def test_a_decision_stands_beside_the_proposal(reviews: Reviews, store: SessionStore) -> None:
    await open_all(reviews, store)
    await reviews.record(await stored(store), review(overrides=[OVERRIDE]))
    message = session_message(await stored(store))
    assert message.review_state == pb.REVIEW_STATE_DECIDED
    assert (message.review.reviewer, message.review.decision, message.review.proposal) == (
        "Rina", pb.DECISION_PASS, "consider",
    )  # fmt: skip
    assert message.review.result_sha256 == message.result.sha256
    assert message.review.overrides[0].target == "second_voice@3.0"


async def test_who_decides_must_have_looked(reviews: Reviews, store: SessionStore) -> None:
    await open_all(reviews, store, "Budi")
    await reviews.open_evidence(await stored(store), 1, "Rina")
    with pytest.raises(ServiceError) as caught:
        await reviews.record(await stored(store), review())
    assert (caught.value.reason, caught.value.metadata) == ("EVIDENCE_NOT_OPENED", {"answers": "0"})
    assert "answer 1." in caught.value.message


async def test_an_objection_opens_the_decision_again(reviews: Reviews, store: SessionStore) -> None:
    await open_all(reviews, store)
    await reviews.record(await stored(store), review(decision=pb.DECISION_FAIL))
    await reviews.contest(await stored(store), "A", "The noise was not mine.")
    message = session_message(await stored(store))
    assert (message.review_state, message.objection) == (pb.REVIEW_STATE_CONTESTED, "The noise was not mine.")
    with pytest.raises(ServiceError, match="EVIDENCE_NOT_OPENED"):  # the person must look again
        await reviews.record(await stored(store), review())
    await open_all(reviews, store)
    await reviews.record(await stored(store), review())
    found = await stored(store)
    assert (found.review_state, len(found.reviews)) == (ReviewState.DECIDED, 2)
    assert session_message(found).objection == "The noise was not mine."  # whoever decided again has answered it


async def test_every_objection_stays_in_the_audit(reviews: Reviews, store: SessionStore) -> None:
    for objection in ("The noise was not mine.", "It was the neighbour's."):
        await open_all(reviews, store)
        await reviews.record(await stored(store), review())
        await reviews.contest(await stored(store), "A", objection)
    contested = [e.details for e in await AuditStore(store).entries(ID) if e.action == "contested"]
    assert contested == ["The noise was not mine.", "It was the neighbour's."]


async def test_everything_is_in_the_audit(reviews: Reviews, store: SessionStore) -> None:
    await open_all(reviews, store)
    await reviews.record(await stored(store), review())
    await reviews.contest(await stored(store), "A", "No.")
    entries = await AuditStore(store).entries(ID)
    assert [(e.actor, e.action, e.answer_index) for e in entries] == [
        ("system", "submitted", None),
        ("system", "published", None),
        ("Rina", "evidence_opened", 0),
        ("Rina", "evidence_opened", 1),
        ("Rina", "decided", None),
        ("A", "contested", None),
    ]
    assert [e.at for e in entries] == sorted(e.at for e in entries)


async def test_nothing_can_be_decided_or_contested_too_early(store: SessionStore, media: MediaStore) -> None:
    reviews = Reviews(store, media)
    for call in (reviews.open_evidence(await stored(store), 0, "Rina"), reviews.record(await stored(store), review())):
        with pytest.raises(ServiceError, match="NO_RESULT"):
            await call
    with pytest.raises(ServiceError, match="NOT_DECIDED"):
        await reviews.contest(await stored(store), "A", "No.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reviewer": " "}, "review.reviewer"),
        ({"reason": ""}, "review.reason"),
        ({"decision": pb.DECISION_UNSPECIFIED}, "review.decision"),
        ({"overrides": [OVERRIDE | {"answer_index": 3}]}, "review.overrides[0].answer_index"),
        ({"overrides": [OVERRIDE | {"reason": ""}]}, "review.overrides[0].reason"),
        ({"overrides": [OVERRIDE | {"kind": 0}]}, "review.overrides[0].kind"),
        ({"overrides": [OVERRIDE | {"kind": pb.OVERRIDE_KIND_SCORE, "value": "101"}]}, "review.overrides[0].value"),
        ({"overrides": [OVERRIDE | {"kind": pb.OVERRIDE_KIND_SCORE, "value": "nan"}]}, "review.overrides[0].value"),
        ({"overrides": [OVERRIDE | {"kind": pb.OVERRIDE_KIND_VERDICT, "value": "Fine"}]}, "review.overrides[0].value"),
    ],
)
async def test_a_wrong_review_names_the_field(
    reviews: Reviews, store: SessionStore, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ServiceError) as caught:
        await reviews.record(await stored(store), review(**changes))
    assert caught.value.metadata == {"field": field}


async def test_an_answer_that_is_not_there_cannot_be_opened(reviews: Reviews, store: SessionStore) -> None:
    with pytest.raises(ServiceError, match="answer_index"):
        await reviews.open_evidence(await stored(store), 3, "Rina")


async def test_decisions_and_audit_go_with_the_session(reviews: Reviews, store: SessionStore) -> None:
    await open_all(reviews, store)
    await reviews.record(await stored(store), review())
    await store.delete(ID)
    assert await AuditStore(store).entries(ID) == []
