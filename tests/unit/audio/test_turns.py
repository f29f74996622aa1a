from __future__ import annotations

import numpy as np
import pytest

from servicekit.wire import Span
from services.audio.voices.clusters import Clusters
from services.audio.voices.turns import smoothed, turns
from services.audio.voices.windows import windows
from tests.unit.audio.voices import SETTINGS, answers, features


def labelled(labels: list[int]) -> Clusters:
    return Clusters(np.array(labels, np.intp))


def test_one_odd_window_is_no_turn() -> None:
    found, parts = answers((0, 10.0), (1, 10.0))
    right = [p.region for p in parts]
    wrong = right.copy()
    wrong[5] = 1 - wrong[5]
    assert smoothed(labelled(wrong), found, parts).labels.tolist() == right


def test_a_doubtful_window_changes_the_voice_across_pauses_only() -> None:
    # The second window is worth 1.0 more as the other voice: under two changes inside speech (2.0), over two across
    # pauses (0.6). It has no weight, so that it moves no centroid.
    found = features(np.array([[1, 0], [0.45, 0.55], [1, 0], [0, 1], [0, 1]]), [1.0, 0.0, 1.0, 1.0, 1.0])
    before = labelled([0, 1, 0, 1, 1])
    inside = windows([Span(0.0, 3.6)], SETTINGS)
    apart = windows([Span(3.0 * i, 3.0 * i + 1.6) for i in range(5)], SETTINGS)
    assert smoothed(before, found, inside).labels.tolist() == [0, 0, 0, 1, 1]
    assert smoothed(before, found, apart).labels.tolist() == [0, 1, 0, 1, 1]


def test_neighbours_share_their_border() -> None:
    parts = windows([Span(0.0, 3.6)], SETTINGS)
    found = turns(labelled([0, 0, 1, 1, 1]), parts)
    assert [t.speaker for t in found] == [0, 1]
    assert found[0].span.start_s == 0.0
    assert found[0].span.end_s == found[1].span.start_s == pytest.approx(1.55)
    assert found[1].span.end_s == pytest.approx(3.6)


def test_a_short_gap_is_part_of_the_turn() -> None:
    parts = windows([Span(0.0, 1.0), Span(1.9, 3.0), Span(4.2, 5.0)], SETTINGS)
    assert [t.span for t in turns(labelled([0, 0, 0]), parts)] == [Span(0.0, 3.0), Span(4.2, 5.0)]


def test_a_gap_between_two_voices_belongs_to_nobody() -> None:
    parts = windows([Span(0.0, 1.0), Span(1.5, 3.0)], SETTINGS)
    assert [t.span for t in turns(labelled([0, 1]), parts)] == [Span(0.0, 1.0), Span(1.5, 3.0)]
