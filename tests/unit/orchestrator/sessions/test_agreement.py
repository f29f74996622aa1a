"""How far people and the machine agree."""

from __future__ import annotations

import pytest

from orchestrator.fusion.published.ratings import scores
from orchestrator.scorecards.agreement import Agreement, people, step, with_machine

FIRST = {(0, "quality"): 4, (0, "relevance"): 2, (1, "quality"): 5}
SECOND = {(0, "quality"): 4, (0, "relevance"): 3, (1, "quality"): 1}


@pytest.mark.parametrize(
    ("score", "found"),
    [(1, 1), (12, 1), (13, 2), (37, 2), (38, 3), (50, 3), (62, 3), (63, 4), (75, 4), (88, 5), (100, 5)],
)
def test_a_score_is_read_as_the_nearest_step(score: float, found: int) -> None:
    assert step(score) == found


def test_people_are_compared_two_by_two() -> None:
    assert people([FIRST, SECOND]) == Agreement(3, 1, 2)
    assert people([FIRST, SECOND, FIRST]) == Agreement(9, 5, 7)
    assert people([FIRST]) == Agreement(0, 0, 0)


def test_what_the_machine_has_not_scored_is_left_out() -> None:
    assert with_machine([FIRST, SECOND], {(0, "quality"): 74.0, (1, "quality"): 40.0}) == Agreement(4, 2, 2)
    assert with_machine([], {(0, "quality"): 74.0}) == Agreement(0, 0, 0)


def test_the_machines_scores_are_read_of_a_result() -> None:
    ratings = b'[{"criterion": "quality", "score": 74.5}, {"criterion": "relevance", "score": null}]'
    content = b'{"content": [{"result": {}}, {"result": {"evidence": {"ratings": ' + ratings + b"}}}]}"
    assert scores(content) == {(1, "quality"): 74.5}
