from __future__ import annotations

import numpy as np
import pytest

from bench.judge.agreement import kappa, left_out, pearson
from bench.judge.robustness import KINDS, lines, material


def test_known_values() -> None:
    assert pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert pearson([1, 1, 1], [2, 4, 6]) == 0
    assert kappa([0, 1, 2, 5], [0, 1, 2, 5]) == pytest.approx(1)
    assert kappa([0, 5], [5, 0]) == pytest.approx(-1)
    assert kappa([1, 2, 3, 4], [2, 2, 3, 3]) == pytest.approx(2 / 3)


def test_the_own_question_does_not_help() -> None:
    features = np.array([[0.0], [1.0], [2.0], [9.0]])
    grades = np.array([0.0, 1.0, 2.0, 5.0])
    found = left_out(features, grades, ["a", "b", "c", "d"])
    assert found[1] == pytest.approx(np.polyval(np.polyfit([0, 2, 9], [0, 2, 5], 1), 1))


def test_the_material_is_whole() -> None:
    rows = material("answers")
    assert len(rows) == 10
    assert all(set(KINDS) < set(row) for row in rows)
    seen, blind = ({row["attack"] for row in lines(f"attacks_{group}")} for group in ("seen", "blind"))
    assert (len(seen), len(blind), len(lines("honest"))) == (200, 200, 300)
    assert not seen & blind
    variants = material("variants")
    assert [len(row["answers"]) for row in variants["rewordings"]] == [6, 6]
    assert all({"en", "id"} == set(row["question"]) for row in variants["pairs"])
    assert all(len(row["long"].split()) > 1.7 * len(row["short"].split()) for row in variants["padded"])
