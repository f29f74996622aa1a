"""Clusters of voice windows: made too many, then merged where they are not different enough. All functions are pure.

Embeddings have shape (windows, 256) and unit length; weights are seconds of speech, shape (windows,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

# tau(s) = min(TAU_BASE + TAU_SLOPE ln s, TAU_MOST): similarity above which two clusters are one voice, given the
# seconds of the smaller: a short second voice must differ more before it counts. Fitted on development recordings.
TAU_BASE, TAU_SLOPE, TAU_MOST = 0.68, 0.08, 0.88
# Clustering needs memory for the distance of every pair: 64 MB for so many windows, which are half an hour of speech.
MOST_CLUSTERED = 4000

Embeddings = NDArray[np.float32]
Floats = NDArray[np.float64]
Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Clusters:
    """A label for every window, the labels being 0, 1, ... without gaps."""

    labels: Labels

    @property
    def count(self) -> int:
        """How many clusters."""
        return int(self.labels.max()) + 1 if self.labels.size else 0

    def seconds(self, weights: Floats) -> Floats:
        """Speech of every cluster in seconds, shape (clusters,)."""
        return np.bincount(self.labels, weights, self.count).astype(np.float64)

    def centroids(self, embeddings: Embeddings, weights: Floats) -> Embeddings:
        """Weighted mean embedding of every cluster, unit length, shape (clusters, 256)."""
        sums = np.zeros((self.count, embeddings.shape[1]))
        np.add.at(sums, self.labels, embeddings * weights[:, None])
        unit: Embeddings = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)).astype(np.float32)
        return unit


def tau(seconds: Floats | float) -> Floats:
    """Cosine above which two clusters are one voice, the smaller having `seconds` of speech."""
    return np.minimum(TAU_BASE + TAU_SLOPE * np.log(np.maximum(seconds, 0.1)), TAU_MOST)


def clustered(embeddings: Embeddings, weights: Floats, cut: float) -> Clusters:
    """Average-linkage clusters, merged up to the cosine distance `cut`; too many rather than too few."""
    if len(embeddings) < 2:
        return Clusters(np.zeros(len(embeddings), np.intp))
    return _extended(embeddings, weights, n_clusters=None, distance_threshold=cut)


def split(embeddings: Embeddings, weights: Floats) -> Clusters:
    """The two clusters that at least two windows fall into."""
    return _extended(embeddings, weights, n_clusters=2, distance_threshold=None)


def thinned(count: int) -> slice:
    """Evenly spaced windows, at most MOST_CLUSTERED of `count`."""
    return slice(None, None, -(-count // MOST_CLUSTERED))


def dropped(clusters: Clusters, embeddings: Embeddings, weights: Floats, shortest_s: float) -> Clusters:
    """Give the windows of clusters with under `shortest_s` seconds of speech to the nearest of the others."""
    seconds = clusters.seconds(weights)
    kept = [c for c in range(clusters.count) if seconds[c] >= shortest_s] or [int(seconds.argmax())]
    nearest = (embeddings @ clusters.centroids(embeddings, weights)[kept].T).argmax(axis=1)
    own = np.array([kept.index(c) if c in kept else -1 for c in range(clusters.count)])[clusters.labels]
    return Clusters(np.where(own >= 0, own, nearest))


def merged(clusters: Clusters, embeddings: Embeddings, weights: Floats) -> Clusters:
    """Merge the pair furthest above its tau until no pair is."""
    while clusters.count > 1:
        excess, (kept, gone) = closest(clusters, embeddings, weights)
        if excess <= 0:
            break
        labels = np.where(clusters.labels == gone, kept, clusters.labels)
        clusters = Clusters(np.unique(labels, return_inverse=True)[1])
    return clusters


def closest(clusters: Clusters, embeddings: Embeddings, weights: Floats) -> tuple[float, tuple[int, int]]:
    """The pair of at least two clusters whose cosine exceeds its tau most or falls short least, and by how much."""
    centroids, seconds = clusters.centroids(embeddings, weights), clusters.seconds(weights)
    excesses = centroids @ centroids.T - tau(np.minimum.outer(seconds, seconds))
    excesses[np.tril_indices(clusters.count)] = -np.inf
    first, second = np.unravel_index(excesses.argmax(), excesses.shape)
    return float(excesses[first, second]), (int(first), int(second))


def _extended(
    embeddings: Embeddings, weights: Floats, n_clusters: int | None, distance_threshold: float | None
) -> Clusters:
    """Cluster evenly spaced windows, then give every window to the nearest centroid where some were left out."""
    model = AgglomerativeClustering(
        n_clusters, metric="cosine", linkage="average", distance_threshold=distance_threshold
    )
    some = thinned(len(embeddings))
    clusters = Clusters(model.fit_predict(embeddings[some]))
    if some.step == 1:
        return clusters
    labels = (embeddings @ clusters.centroids(embeddings[some], weights[some]).T).argmax(axis=1)
    return Clusters(np.unique(labels, return_inverse=True)[1])
