from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.wire import Span
from services.vision.runs import Run, durations_s, hysteresis_runs, joined_runs, runs, span, windowed


def test_runs() -> None:
    assert runs(np.array([True, False, True, True])) == [Run(0, 0), Run(2, 3)]
    assert runs(np.zeros(0, bool)) == []


@given(st.lists(st.booleans(), max_size=60))
def test_runs_cover_exactly_what_holds(flags: list[bool]) -> None:
    covered = np.zeros(len(flags), bool)
    for run in runs(np.array(flags, bool)):
        covered[run.samples] = True
    assert covered.tolist() == flags


def test_hysteresis_bridges_a_short_dip_and_begins_at_the_lower_limit() -> None:
    score = np.array([0, 0.8, 1.2, 0.1, 1.1, 0.8, 0, 0, 0, 0, 0, 0.9, 0])
    found = hysteresis_runs(np.arange(13) / 10, score, enter=1.0, leave=0.7, leave_for_s=0.4)
    assert found == [Run(1, 5)]


def test_hysteresis_ends_where_the_face_is_gone() -> None:
    score = np.array([1.5] * 10 + [np.nan] * 10 + [1.5] * 10)
    found = hysteresis_runs(np.arange(30) / 10, score, enter=1.0, leave=0.7, leave_for_s=0.4)
    assert found == [Run(0, 9), Run(20, 29)]


def test_joined_runs() -> None:
    assert joined_runs(np.array([1, 0, 1, 0, 0, 0, 1], bool), np.arange(7.0), 2.0) == [Run(0, 2), Run(6, 6)]


def test_a_run_lasts_until_the_next_sample_or_the_end() -> None:
    assert span(Run(0, 1), np.array([0.0, 1.0, 2.5]), 9.0) == Span(0.0, 2.5)
    assert span(Run(2, 2), np.array([0.0, 1.0, 2.5]), 9.0) == Span(2.5, 9.0)


def test_windowed_median_skips_what_is_unknown() -> None:
    values = np.array([1.0, np.nan, 3.0, 100.0, 5.0])
    assert windowed(np.arange(5.0), values, 2.0)[1:4] == pytest.approx([2.0, 51.5, 5.0])
    assert np.isnan(windowed(np.arange(2.0), np.array([np.nan, np.nan]), 2.0)).all()


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(0, 100))
def test_windowed_percentile_is_numpys(values: list[float], percentile: float) -> None:
    offset_s = np.linspace(0, 1, len(values))
    found = windowed(offset_s, np.array(values), 4.0, percentile)
    assert found == pytest.approx(np.full(len(values), np.percentile(values, percentile)), abs=1e-6)


def test_irregular_samples_stand_for_the_time_around_them() -> None:
    assert durations_s(np.array([0.0, 0.1, 0.3, 5.0]), 0.5) == pytest.approx([0.1, 0.15, 0.5, 0.5])
