from __future__ import annotations

import pytest

from bench.judge.translating import chrf


def test_the_same_text_scores_100_and_another_0() -> None:
    assert chrf(["the same text"], ["the same text"]) == pytest.approx(100)
    assert chrf(["xyz"], ["abc"]) == 0
    assert chrf([""], ["abc"]) == 0


def test_recall_counts_twice() -> None:
    short, long = chrf(["the cat sat"], ["the cat sat on the mat"]), chrf(["the cat sat on the mat"], ["the cat sat"])
    assert 0 < short < long < 100


def test_spaces_do_not_count() -> None:
    assert chrf(["the cat"], ["thecat"]) == pytest.approx(100)
