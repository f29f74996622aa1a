"""A published result that is completed is what it would have been, and otherwise stays as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from orchestrator.evidence import StageReport
from orchestrator.fusion.published import Published, proposed_outcome
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import to_json
from tests.support import evidence as made

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHOLE = made.answer(translation=replace(made.answer().translation, mismatches=("7",)))  # type: ignore[type-var]
BEFORE = made.answer(translation=None, stages=WHOLE.stages | {"translate": StageReport("pending")})


def published(*answers: object) -> bytes:
    return to_json(session_result(made.session(*answers), None, NOW), indent=2)  # type: ignore[arg-type]


def test_completed_by_a_translation_it_is_what_it_would_have_been() -> None:
    found = Published.read(published(BEFORE)).with_translation(0, StageReport("completed", 3.0), WHOLE.translation)
    assert found.to_json() == published(WHOLE)
    assert found.is_translated(0)


def test_what_is_not_changed_stays_byte_for_byte() -> None:
    old = json.loads(published(BEFORE, made.answer(position_id=2)))
    del old["content"][1]["result"]["answer_score"]  # of an earlier version
    old["content"][0]["result"]["from_tomorrow"] = {"b": 1, "a": 73.0}
    content = json.dumps(old, ensure_ascii=False, indent=2).encode()
    assert Published.read(content).to_json() == content
    changed = json.loads(
        Published.read(content).with_translation(0, StageReport("failed", None, "X", "Why.")).to_json()
    )
    assert changed["content"][0]["result"]["modalities"]["translate"]["error_message"] == "Why."
    changed["content"][0]["result"]["modalities"]["translate"] = old["content"][0]["result"]["modalities"]["translate"]
    assert json.dumps(changed) == json.dumps(old)


def test_the_outcome_is_read_of_any_result() -> None:
    assert proposed_outcome(b'{"decision_proposal": {"outcome": "consider"}}') == "consider"
