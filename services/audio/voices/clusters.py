"""Clusters of voice windows: made too many, then merged where they are not different enough. All functions are pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

# tau(s, d) = min(TAU_BASE + TAU_SLOPE ln s, TAU_MOST) + TAU_PITCH (min(d, PITCH_MOST) - PITCH_USUAL): similarity above
# which two clusters are one voice, given the seconds s of the smaller and the semitones d between their pitches. A
# short second voice must differ more before it counts, and so must one at the same pitch. Fitted on 412 files composed
# from the utterances of 29 voices, 379 with the right number; docs/measurements/speech.md has others.
TAU_BASE, TAU_SLOPE, TAU_MOST = 0.12, 0.15, 0.52
TAU_PITCH, PITCH_USUAL, PITCH_MOST = 0.01, 2.0, 6.0
# Clustering needs memory for the distance of every pair: 64 MB for so many windows, which are half an hour of speech.
MOST_CLUSTERED = 4000

Embeddings = NDArray[np.float32]
Floats = NDArray[np.float64]
Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of each voice window."""

    embeddings: Embeddings
    """Without the channel (`services.audio.voices.compensation`): unit length, shape (windows, 64)."""
    heard: Embeddings
    """As the encoder gives them, to compare with other files: unit length, shape (windows, 256)."""
    weights: Floats
    """Seconds of speech, shape (windows,)."""
    pitches: Floats
    """Semitones over 1 Hz, NaN without a pitch; shape (windows,)."""

    def __len__(self) -> int:
        return len(self.embeddings)

    def at(self, some: slice | NDArray[np.bool_]) -> Features:
        """Those of some windows."""
        return Features(self.embeddings[some], self.heard[some], self.weights[some], self.pitches[some])


@dataclass(frozen=True, slots=True)
class Clusters:
    """A label for every window, the labels being 0, 1, ... without gaps."""

    labels: Labels

    @property
    def count(self) -> int:
        """How many clusters."""
        return int(self.labels.max()) + 1 if self.labels.size else 0

    def seconds(self, voice: Features) -> Floats:
        """Speech of every cluster in seconds, shape (clusters,)."""
        return np.bincount(self.labels, voice.weights, self.count).astype(np.float64)

    def centroids(self, voice: Features) -> Embeddings:
        """Weighted mean embedding of every cluster, unit length, shape (clusters, 64)."""
        return self._means(voice.embeddings, voice.weights)

    def voiceprints(self, voice: Features) -> Embeddings:
        """The same of the embeddings as heard, shape (clusters, 256)."""
        return self._means(voice.heard, voice.weights)

    def _means(self, embeddings: Embeddings, weights: Floats) -> Embeddings:
        sums = np.zeros((self.count, embeddings.shape[1]))
        np.add.at(sums, self.labels, embeddings * weights[:, None])
        unit: Embeddings = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)).astype(np.float32)
        return unit

    def pitches(self, voice: Features) -> Floats:
        """Median pitch of every cluster in semitones over 1 Hz, NaN without one; shape (clusters,)."""
        own = (voice.pitches[self.labels == c] for c in range(self.count))
        return np.array([np.nanmedian(p) if np.isfinite(p).any() else np.nan for p in own])


def tau(seconds: Floats | float, pitch_gap: Floats | float = np.nan) -> Floats:
    """Cosine above which two clusters are one voice.

    `seconds` is the speech of the smaller; `pitch_gap` the semitones between them, NaN when one has no pitch.
    """
    by_length = np.minimum(TAU_BASE + TAU_SLOPE * np.log(np.maximum(seconds, 0.1)), TAU_MOST)
    gap = np.minimum(np.nan_to_num(pitch_gap, nan=PITCH_USUAL), PITCH_MOST)
    return np.asarray(by_length + TAU_PITCH * (gap - PITCH_USUAL))


def clustered(voice: Features, cut: float) -> Clusters:
    """Average-linkage clusters, merged up to the cosine distance `cut`; too many rather than too few."""
    if len(voice) < 2:
        return Clusters(np.zeros(len(voice), np.intp))
    return _extended(voice, n_clusters=None, distance_threshold=cut)


def split(voice: Features) -> Clusters:
    """The two clusters that at least two windows fall into."""
    return _extended(voice, n_clusters=2, distance_threshold=None)


def thinned(count: int) -> slice:
    """Evenly spaced windows, at most MOST_CLUSTERED of `count`."""
    return slice(None, None, -(-count // MOST_CLUSTERED))


def dropped(clusters: Clusters, voice: Features, shortest_s: float) -> Clusters:
    """Give the windows of clusters with under `shortest_s` seconds of speech to the nearest of the others."""
    seconds = clusters.seconds(voice)
    kept = [c for c in range(clusters.count) if seconds[c] >= shortest_s] or [int(seconds.argmax())]
    nearest = (voice.embeddings @ clusters.centroids(voice)[kept].T).argmax(axis=1)
    own = np.array([kept.index(c) if c in kept else -1 for c in range(clusters.count)])[clusters.labels]
    return Clusters(np.where(own >= 0, own, nearest))


def merged(clusters: Clusters, voice: Features) -> Clusters:
    """Merge the pair furthest above its tau until no pair is."""
    while clusters.count > 1:
        excess, (kept, gone) = closest(clusters, voice)
        if excess <= 0:
            break
        clusters = rejoined(clusters, kept, gone)
    return clusters


def rejoined(clusters: Clusters, kept: int, gone: int) -> Clusters:
    """Two clusters as one."""
    labels = np.where(clusters.labels == gone, kept, clusters.labels)
    return Clusters(np.unique(labels, return_inverse=True)[1])


def closest(clusters: Clusters, voice: Features) -> tuple[float, tuple[int, int]]:
    """The pair of at least two clusters whose cosine exceeds its tau most or falls short least, and by how much."""
    centroids, seconds, pitches = clusters.centroids(voice), clusters.seconds(voice), clusters.pitches(voice)
    limits = tau(np.minimum.outer(seconds, seconds), np.abs(np.subtract.outer(pitches, pitches)))
    excesses = centroids @ centroids.T - limits
    excesses[np.tril_indices(clusters.count)] = -np.inf
    first, second = np.unravel_index(excesses.argmax(), excesses.shape)
    return float(excesses[first, second]), (int(first), int(second))


def _extended(voice: Features, n_clusters: int | None, distance_threshold: float | None) -> Clusters:
    """Cluster evenly spaced windows, then give every window to the nearest centroid where some were left out."""
    model = AgglomerativeClustering(
        n_clusters, metric="cosine", linkage="average", distance_threshold=distance_threshold
    )
    some = voice.at(step := thinned(len(voice)))
    clusters = Clusters(model.fit_predict(some.embeddings))
    if step.step == 1:
        return clusters
    labels = (voice.embeddings @ clusters.centroids(some).T).argmax(axis=1)
    return Clusters(np.unique(labels, return_inverse=True)[1])
