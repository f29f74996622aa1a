from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orchestrator.evidence import AnswerEvidence, SessionEvidence, Turn, Unscored
from orchestrator.fusion.result import session_result
from orchestrator.fusion.serialisation import json_value
from orchestrator.policies.policy import Policy
from servicekit.wire import Span
from tests.support import evidence as made

DEFAULT, EU = made.POLICIES["original"], made.POLICIES["eu"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def published(session: SessionEvidence) -> dict[str, Any]:
    found: dict[str, Any] = json_value(session_result(session, None, NOW))
    return found


def proposed(*answers: AnswerEvidence, policy: Policy = DEFAULT, project: float | None = None) -> dict[str, Any]:
    session = made.session(*answers, policy=policy, project_score=project)
    found: dict[str, Any] = published(session)["decision_proposal"]
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


def test_the_total_has_one_digit_and_decides_as_it_is_read() -> None:
    thirds = proposed(scored(79), scored(80, position_id=2), scored(80, position_id=3))
    assert (thirds["total"], thirds["interview_score"]) == (79.7, 79.7)
    assert proposed(scored(80), project=79.94)["total"] == 80.0
    assert proposed(scored(80), project=79.94)["rating"] == 4
    assert proposed(scored(79.5))["total"] == 80
    assert proposed(scored(78.5))["total"] == 79


def test_the_terms_add_up_to_the_total() -> None:
    found = proposed(scored(62), scored(73, position_id=2), scored(81, position_id=3), project=90.0)
    assert sum(t["points"] for t in found["terms"]) == pytest.approx(found["total"], abs=0.05)
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


def between(low: float, total: float, high: float, **changes: Any) -> AnswerEvidence:
    evaluation = replace(made.evaluation(total), total_low=low, total_high=high)
    return made.answer(evaluation=evaluation, **changes)


@pytest.mark.parametrize(
    ("low", "total", "high", "outcome", "said"),
    [
        (70, 78, 86, "consider", "The total of 78 may be anything from 70 to 86; pass begins at 80."),
        (74, 82, 90, "consider", "pass begins at 80. “Consider” is proposed, so that a person looks closely."),
        (60, 66, 72, "consider", "The total of 66 may be anything from 60 to 72; consider begins at 70. “Consider”"),
        (55, 72, 88, "consider", "pass begins at 80 and consider begins at 70."),
        (80, 86, 92, "pass", ""),
        (70, 75, 79, "consider", ""),
        (50, 60, 69, "fail", ""),
    ],
)
def test_a_total_that_may_lie_on_either_side_proposes_the_middle(
    low: float, total: float, high: float, outcome: str, said: str
) -> None:
    found = proposed(between(low, total, high))
    assert (found["outcome"], found["total_low"], found["total_high"]) == (outcome, low, high)
    assert said in " ".join(found["reasons"])
    assert ("may be anything" in " ".join(found["reasons"])) == bool(said)


def test_a_policy_may_ignore_intervals_and_shows_them_all_the_same() -> None:
    found = proposed(between(74, 82, 90), policy=DEFAULT.model_copy(update={"interval": "ignore"}))
    assert (found["outcome"], len(found["reasons"])) == ("pass", 1)
    assert (found["total_low"], found["total_high"]) == (74, 90)


def test_without_intervals_the_total_decides() -> None:
    found = proposed(scored(82))
    assert (found["outcome"], found["total_low"], found["total_high"]) == ("pass", None, None)


def test_signs_of_help_cap_what_an_interval_proposes() -> None:
    audio = helped(82).audio
    found = proposed(between(74, 82, 90, audio=audio))
    assert found["outcome"] == "fail"
    assert "pass begins at 80" in found["reasons"][1]
    assert "High Risk" in found["reasons"][-1]


def test_many_answers_of_one_judge_are_no_surer_than_one() -> None:
    found = proposed(between(82, 90, 98), between(86, 90, 94, position_id=2))
    assert (found["total_low"], found["total"], found["total_high"]) == (84, 90, 96)


def test_an_answer_of_unknown_interval_is_as_uncertain_as_the_others() -> None:
    found = proposed(between(82, 90, 98), scored(80, position_id=2))
    assert (found["total_low"], found["total"], found["total_high"]) == (77, 85, 93)


def test_a_project_score_narrows_the_interval_by_its_share() -> None:
    found = proposed(between(52, 62, 72), project=100.0)
    assert (found["total_low"], found["total"], found["total_high"]) == (85.6, 88.6, 91.6)


def test_other_parts_of_an_answers_score_narrow_its_interval() -> None:
    weights = DEFAULT.weights.model_copy(update={"transcript_confidence": 1.0})
    session = made.session(between(50, 60, 70), policy=DEFAULT.model_copy(update={"weights": weights}))
    found = published(session)["content"][0]["result"]["answer_score"]
    assert (found["score"], found["low"], found["high"]) == (75, 70, 80)


@pytest.mark.parametrize("total", [2, 99])
def test_intervals_stay_on_the_scale(total: float) -> None:
    found = proposed(between(1, total, 100), scored(total, position_id=2))
    assert 0 <= found["total_low"] <= found["total"] <= found["total_high"] <= 100


def test_without_a_middle_a_doubtful_total_is_still_to_be_considered() -> None:
    policy = DEFAULT.model_copy(update={"consider_rating": 4})
    found = proposed(between(74, 82, 90), policy=policy)
    assert (found["outcome"], found["reasons"][1].count("begins at")) == ("consider", 1)


def test_answers_that_a_person_has_to_rate_do_not_count() -> None:
    by_hand = made.answer(evaluation=replace(made.evaluation(0.0), unscored=Unscored("unsure", "Both ways.")))
    assert proposed(by_hand)["outcome"] == "insufficient"
    assert proposed(between(85, 90, 95), by_hand)["total_low"] == 85


def test_every_part_of_an_answer_can_have_a_weight() -> None:
    weights = DEFAULT.weights.model_copy(update={"transcript_confidence": 1.0, "integrity": 1.0, "non_verbal": 1.0})
    session = made.session(scored(60), policy=DEFAULT.model_copy(update={"weights": weights}))
    found = published(session)["content"][0]["result"]["answer_score"]
    assert [t["name"] for t in found["terms"]] == ["answer", "transcript_confidence", "integrity", "non_verbal"]
    assert found["score"] == pytest.approx(sum(t["points"] for t in found["terms"]), abs=0.02)
    assert found["terms"][0]["points"] == 15


def test_a_part_that_was_not_measured_leaves_its_weight_to_the_others() -> None:
    weights = DEFAULT.weights.model_copy(update={"non_verbal": 1.0})
    session = made.session(
        scored(60, vision=None, audio=None, transcript=None),
        policy=DEFAULT.model_copy(update={"weights": weights}),
    )
    found = published(session)["content"][0]["result"]["answer_score"]
    assert (found["score"], [t["name"] for t in found["terms"]]) == (60, ["answer"])


def test_without_permission_no_expression_is_in_the_result() -> None:
    result = published(made.session(policy=EU))["content"][0]["result"]
    assert result["non_verbal_confidence_score"] is None
    blocks = result["non_verbal_analysis"].values()
    assert all(value in (None, False) for block in blocks for value in block.values())
    assert result["penilaian"]["total"] == 73


def test_the_result_names_its_policy() -> None:
    whole = published(made.session(policy=EU))
    named = {"name": "eu", "sha256": EU.sha256}
    off = ["non_verbal", "biometric_comparison", "voices"]
    assert whole["metadata"]["policy"] == named | {"translation": "after_result", "switched_off": off}
    assert {k: whole["decision_proposal"]["policy"][k] for k in named} == named
