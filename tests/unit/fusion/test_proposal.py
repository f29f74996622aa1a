from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.evidence import AnswerEvidence, Turn
from orchestrator.fusion.result import session_result
from orchestrator.policy import Policy
from servicekit.wire import Span
from tests.support import evidence as made

DEFAULT, EU = made.POLICIES["default"], made.POLICIES["eu"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def proposed(*answers: AnswerEvidence, policy: Policy = DEFAULT, project: float | None = None) -> dict[str, Any]:
    session = made.session(*answers, policy=policy, project_score=project)
    found: dict[str, Any] = session_result(session, None, NOW)["decision_proposal"]
    return found


def scored(total: float, **changes: Any) -> AnswerEvidence:
    return made.answer(evaluation=made.evaluation(total), **changes)


def helped(total: float) -> AnswerEvidence:
    """With a second voice for ten seconds."""
    audio = made.audio()
    turns = (*audio.turns, Turn(Span(6.0, 16.0), 1))
    return scored(total, audio=replace(audio, turns=turns, speaker_count=2, speaker_confidence=0.9))


@pytest.mark.parametrize(
    ("total", "rating", "name"),
    [
        (95, 5, "Lulus"), (90, 5, "Lulus"), (89, 4, "Lulus"), (80, 4, "Lulus"), (79, 3, "Pertimbangan"),
        (70, 3, "Pertimbangan"), (69, 2, "Tidak Lulus"), (60, 2, "Tidak Lulus"), (20, 1, "Tidak Lulus"),
    ],
)  # fmt: skip
def test_ratings_and_proposals_are_the_originals(total: float, rating: int, name: str) -> None:
    found = proposed(scored(total))
    assert (found["total"], found["rating"], found["proposal"]) == (total, rating, name)
    assert found["human_decision_required"]


def test_the_project_counts_seventy_percent_when_given() -> None:
    found = proposed(scored(62), project=100.0)
    assert found["total"] == 88.6
    assert [(t["name"], t["weight"]) for t in found["terms"]] == [("answer 1", 0.3), ("project", 0.7)]


def test_the_terms_add_up_to_the_total() -> None:
    found = proposed(scored(62), scored(73, position_id=2), scored(81, position_id=3), project=90.0)
    assert sum(t["points"] for t in found["terms"]) == pytest.approx(found["total"], abs=0.01)
    assert sum(t["weight"] for t in found["terms"]) == pytest.approx(1.0, abs=0.001)
    assert all(t["points"] == pytest.approx(t["weight"] * t["value"], abs=0.02) for t in found["terms"])


def test_signs_of_help_cap_the_proposal_and_say_so() -> None:
    found = proposed(helped(95))
    assert (found["rating"], found["proposal"]) == (5, "Tidak Lulus")
    assert "High Risk" in found["reasons"][-1]
    assert proposed(helped(95), policy=EU)["proposal"] == "Pertimbangan"
    assert proposed(helped(40))["reasons"][-1].startswith("A total of 40")


def test_too_few_scored_answers_make_no_proposal() -> None:
    unscored = made.answer(evaluation=None)
    assert proposed(unscored)["proposal"] == "insufficient"
    assert proposed(scored(90), unscored, unscored)["outcome"] == "insufficient"
    found = proposed(scored(90), unscored)
    assert (found["proposal"], found["total"]) == ("Lulus", 90)
    assert "1 of 2 answers could not be scored" in found["reasons"][1]


def test_every_part_of_an_answer_can_have_a_weight() -> None:
    weights = DEFAULT.weights.model_copy(update={"transcript_confidence": 1.0, "integrity": 1.0, "non_verbal": 1.0})
    session = made.session(scored(60), policy=DEFAULT.model_copy(update={"weights": weights}))
    found = session_result(session, None, NOW)["content"][0]["result"]["answer_score"]
    assert [t["name"] for t in found["terms"]] == ["answer", "transcript_confidence", "integrity", "non_verbal"]
    assert found["score"] == pytest.approx(sum(t["points"] for t in found["terms"]), abs=0.02)
    assert found["terms"][0]["points"] == 15


def test_a_part_that_was_not_measured_leaves_its_weight_to_the_others() -> None:
    weights = DEFAULT.weights.model_copy(update={"non_verbal": 1.0})
    session = made.session(
        scored(60, vision=None, audio=None, transcript=None),
        policy=DEFAULT.model_copy(update={"weights": weights}),
    )
    found = session_result(session, None, NOW)["content"][0]["result"]["answer_score"]
    assert (found["score"], [t["name"] for t in found["terms"]]) == (60, ["answer"])


def test_without_permission_no_expression_is_in_the_result() -> None:
    result = session_result(made.session(policy=EU), None, NOW)["content"][0]["result"]
    assert result["non_verbal_confidence_score"] is None
    blocks = result["non_verbal_analysis"].values()
    assert all(value in (None, False) for block in blocks for value in block.values())
    assert result["penilaian"]["total"] == 73


def test_the_result_names_its_policy() -> None:
    whole = session_result(made.session(policy=EU), None, NOW)
    named = {"name": "eu", "sha256": EU.sha256}
    assert whole["metadata"]["policy"] == named
    assert {k: whole["decision_proposal"]["policy"][k] for k in named} == named
