"""Rates, ratios and tests, beside figures that were calculated by hand and by scipy."""

from __future__ import annotations

from math import comb

import pytest
from scipy.stats import hypergeom

from orchestrator.impact.rates import Count, above_median, compared, counted


def test_by_hand() -> None:
    # 12 of 24 women and 20 of 25 men: rates 0.5 and 0.8, ratio 0.625.
    women, men = compared([Count(24, 12), Count(25, 20)])
    assert women.ratio == pytest.approx(0.625)
    assert women.below_four_fifths is True
    assert (men.ratio, men.below_four_fifths, men.p) == (1.0, False, 1.0)
    # Fisher's exact test from its definition: every table with these sums that is no likelier than this one.
    likelihood = [comb(24, k) * comb(25, 32 - k) / comb(49, 32) for k in range(7, 25)]
    expected = sum(p for p in likelihood if p <= likelihood[12 - 7] * (1 + 1e-9))
    assert women.p == pytest.approx(expected)


def test_the_same_as_the_hypergeometric_distribution_of_scipy() -> None:
    small, _ = compared([Count(9, 1), Count(11, 8)])
    table = hypergeom(20, 9, 9)
    expected = sum(table.pmf(k) for k in range(10) if table.pmf(k) <= table.pmf(1) * (1 + 1e-9))
    assert small.p == pytest.approx(expected)


def test_exactly_four_fifths_is_not_below() -> None:
    assert compared([Count(10, 4), Count(10, 5)])[0].below_four_fifths is False


def test_tiny_groups_get_no_ratio_and_are_no_measure() -> None:
    tiny, large, other = compared([Count(1, 1), Count(60, 30), Count(40, 10)])
    assert (tiny.ratio, tiny.p) == (None, None)
    assert (large.ratio, other.ratio) == (1.0, 0.5)


def test_nobody_selected_gives_no_ratio() -> None:
    assert [each.ratio for each in compared([Count(10, 0), Count(10, 0), Count(0, 0), None])] == [None] * 4


def test_above_the_median_of_who_has_a_score() -> None:
    assert above_median([10.0, None, 20.0, 30.0, 30.0]) == [False, None, False, True, True]
    assert above_median([None, None]) == [None, None]


def test_what_is_not_known_does_not_count() -> None:
    assert counted([True, None, False, True]) == Count(3, 2)
    assert counted([None]).rate is None
