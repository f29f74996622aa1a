from __future__ import annotations

import numpy as np
import pytest

from services.audio import clusters as module
from services.audio.clusters import Clusters, closest, clustered, dropped, merged, split, tau, thinned
from tests.unit.audio.voices import answers, voice


def labelled(*labels: int) -> Clusters:
    return Clusters(np.array(labels, np.intp))


def test_a_short_voice_must_differ_more() -> None:
    assert tau(1.0) == pytest.approx(0.68)
    assert tau(3.0) == pytest.approx(0.68 + 0.08 * np.log(3.0))
    assert tau(60.0) == tau(600.0) == 0.88
    assert tau(0.0) == tau(0.1)


def test_centroids_are_weighted() -> None:
    embeddings = np.array([[1, 0], [0, 1], [0, 1]], np.float32)
    found = labelled(0, 0, 1).centroids(embeddings, np.array([3.0, 4.0, 1.0]))
    assert found == pytest.approx(np.array([[0.6, 0.8], [0.0, 1.0]]))


def test_seconds_of_each_cluster() -> None:
    assert labelled(0, 1, 0).seconds(np.array([1.0, 2.0, 0.5])).tolist() == [1.5, 2.0]


@pytest.mark.parametrize(("seconds", "count"), [(1.0, 2), (30.0, 1)])
def test_what_is_not_different_enough_for_its_length_is_merged(seconds: float, count: int) -> None:
    likeness = 0.80  # over tau(1 s) = 0.68, under tau(30 s) = 0.88: merged when short
    embeddings = np.stack([voice(0, likeness), voice(1, likeness)])
    found = merged(labelled(0, 1), embeddings, np.array([seconds, seconds]))
    assert found.count == 3 - count


def test_the_closest_pair() -> None:
    embeddings = np.stack([voice(0), voice(1), voice(1)])
    excess, pair = closest(labelled(0, 1, 2), embeddings, np.ones(3))
    assert pair == (1, 2)
    assert excess == pytest.approx(1 - 0.68, abs=1e-5)


def test_short_clusters_go_to_the_nearest() -> None:
    embeddings = np.stack([voice(0), voice(1), 0.9 * voice(1) + 0.1 * voice(0)])
    found = dropped(labelled(0, 1, 2), embeddings, np.array([5.0, 4.0, 1.0]), 1.5)
    assert found.labels.tolist() == [0, 1, 1]


def test_the_longest_stays_when_all_are_short() -> None:
    embeddings = np.stack([voice(0), voice(1)])
    assert dropped(labelled(0, 1), embeddings, np.array([0.4, 0.6]), 1.5).labels.tolist() == [0, 0]


def test_clusters_of_clear_voices() -> None:
    embeddings, parts = answers((0, 6.0), (1, 6.0))
    weights = np.array([p.weight_s for p in parts])
    regions = Clusters(np.array([p.region for p in parts]))
    assert same(clustered(embeddings, weights, 0.32), regions)
    assert same(split(embeddings, weights), regions)


def test_a_long_recording_is_thinned_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, parts = answers((0, 20.0), (1, 20.0), (0, 20.0))
    weights = np.array([p.weight_s for p in parts])
    whole = clustered(embeddings, weights, 0.32)
    monkeypatch.setattr(module, "MOST_CLUSTERED", 30)
    assert len(embeddings[thinned(len(embeddings))]) == 29
    assert same(clustered(embeddings, weights, 0.32), whole)


def same(one: Clusters, other: Clusters) -> bool:
    """Whether the windows are grouped alike, whatever the groups are called."""
    pairs = set(zip(one.labels.tolist(), other.labels.tolist(), strict=True))
    return len(pairs) == one.count == other.count
