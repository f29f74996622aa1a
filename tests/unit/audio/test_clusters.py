from __future__ import annotations

import numpy as np
import pytest

from services.audio.voices import clusters as module
from services.audio.voices.clusters import Clusters, closest, clustered, dropped, merged, split, tau, thinned
from tests.unit.audio.voices import SETTINGS, answers, features, voice


def labelled(*labels: int) -> Clusters:
    return Clusters(np.array(labels, np.intp))


def test_a_short_voice_must_differ_more() -> None:
    assert tau(1.0) == pytest.approx(0.12)
    assert tau(3.0) == pytest.approx(0.12 + 0.15 * np.log(3.0))
    assert tau(60.0) == tau(600.0) == 0.52
    assert tau(0.0) == tau(0.1)


def test_a_voice_at_the_same_pitch_must_differ_more() -> None:
    assert tau(10.0, 0.0) == pytest.approx(tau(10.0) - 0.02)
    assert tau(10.0, 2.0) == tau(10.0, np.nan) == tau(10.0)
    assert tau(10.0, 6.0) == tau(10.0, 20.0) == pytest.approx(tau(10.0) + 0.04)


@pytest.mark.parametrize(("pitches", "count"), [((36.0, 36.2), 1), ((36.0, 46.0), 2), ((36.0, np.nan), 1)])
def test_pitch_decides_between_voices_that_are_alike(pitches: tuple[float, float], count: int) -> None:
    likeness = 0.53  # over tau(30 s) = 0.52, under it with six semitones between the voices
    both = features(np.stack([voice(0, likeness), voice(1, likeness)]), [30.0, 30.0], pitches)
    assert merged(labelled(0, 1), both).count == count


def test_pitch_of_each_cluster_is_a_median_without_the_unvoiced() -> None:
    found = labelled(0, 0, 0, 0, 1).pitches(features(np.zeros((5, 2)), np.ones(5), [36, 37, np.nan, 60, np.nan]))
    assert found[0] == 37
    assert np.isnan(found[1])


def test_centroids_are_weighted() -> None:
    found = labelled(0, 0, 1).centroids(features([[1, 0], [0, 1], [0, 1]], [3.0, 4.0, 1.0]))
    assert found == pytest.approx(np.array([[0.6, 0.8], [0.0, 1.0]]))


def test_seconds_of_each_cluster() -> None:
    assert labelled(0, 1, 0).seconds(features(np.zeros((3, 2)), [1.0, 2.0, 0.5])).tolist() == [1.5, 2.0]


@pytest.mark.parametrize(("seconds", "count"), [(1.0, 2), (30.0, 1)])
def test_what_is_not_different_enough_for_its_length_is_merged(seconds: float, count: int) -> None:
    likeness = 0.30  # over tau(1 s) = 0.12, under tau(30 s) = 0.52: merged when short
    embeddings = np.stack([voice(0, likeness), voice(1, likeness)])
    found = merged(labelled(0, 1), features(embeddings, [seconds, seconds]))
    assert found.count == 3 - count


def test_the_closest_pair() -> None:
    embeddings = np.stack([voice(0), voice(1), voice(1)])
    excess, pair = closest(labelled(0, 1, 2), features(embeddings, np.ones(3)))
    assert pair == (1, 2)
    assert excess == pytest.approx(1 - 0.12, abs=1e-5)


def test_short_clusters_go_to_the_nearest() -> None:
    embeddings = np.stack([voice(0), voice(1), 0.9 * voice(1) + 0.1 * voice(0)])
    found = dropped(labelled(0, 1, 2), features(embeddings, [5.0, 4.0, 1.0]), 1.5)
    assert found.labels.tolist() == [0, 1, 1]


def test_the_longest_stays_when_all_are_short() -> None:
    embeddings = np.stack([voice(0), voice(1)])
    assert dropped(labelled(0, 1), features(embeddings, [0.4, 0.6]), 1.5).labels.tolist() == [0, 0]


def test_clusters_of_clear_voices() -> None:
    found, parts = answers((0, 6.0), (1, 6.0))
    regions = Clusters(np.array([p.region for p in parts]))
    assert same(clustered(found, SETTINGS.cluster_cut), regions)
    assert same(split(found), regions)


def test_a_long_recording_is_thinned_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = answers((0, 20.0), (1, 20.0), (0, 20.0))
    whole = clustered(found, SETTINGS.cluster_cut)
    monkeypatch.setattr(module, "MOST_CLUSTERED", 30)
    assert len(found.at(thinned(len(found)))) == 29
    assert same(clustered(found, SETTINGS.cluster_cut), whole)


def same(one: Clusters, other: Clusters) -> bool:
    """Whether the windows are grouped alike, whatever the groups are called."""
    pairs = set(zip(one.labels.tolist(), other.labels.tolist(), strict=True))
    return len(pairs) == one.count == other.count
