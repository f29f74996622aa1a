"""How many voices there are, and who speaks when, from the embeddings of voice windows.

Average-linkage clustering over-splits on purpose; the merge test then joins what is not different enough for the
seconds of evidence it has; a Viterbi pass smooths the turns. All functions are pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_score

from servicekit.wire import Span
from services.audio.model import Speaker, Turn, Voices
from services.audio.settings import Settings
from services.audio.windows import Window

# tau(s) = min(TAU_BASE + TAU_SLOPE ln s, TAU_MOST): similarity above which two clusters are one voice, given the
# seconds of the smaller: a short second voice must differ more before it counts. Fitted on development recordings.
TAU_BASE, TAU_SLOPE, TAU_MOST = 0.68, 0.08, 0.88
# P(right) = sigmoid(P_OFFSET + P_SLOPE * margin), capped; fitted on the same recordings.
P_OFFSET, P_SLOPE, P_MOST = 0.24, 47.8, 0.95
EMISSION = 10.0
SWITCH_INSIDE, SWITCH_PAUSE = 1.0, 0.3
BRIDGE_S = 1.0
ROUNDS = 3

Embeddings = NDArray[np.float32]
Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Clusters:
    """A label for every window, the labels being 0, 1, ... without gaps."""

    labels: Labels

    @property
    def count(self) -> int:
        """How many voices."""
        return int(self.labels.max()) + 1 if self.labels.size else 0


def diarize(embeddings: Embeddings, windows: Sequence[Window], settings: Settings) -> Voices:
    """Voices from unit embeddings of shape (windows, 256). Without windows: nobody."""
    if not windows:
        return Voices()
    weights = np.array([w.weight_s for w in windows])
    clusters = _merged(embeddings, weights, _dropped(_clustered(embeddings, settings), embeddings, weights, settings))
    for _ in range(ROUNDS):
        smoothed = _viterbi(embeddings, windows, clusters)
        again = _merged(embeddings, weights, _dropped(smoothed, embeddings, weights, settings))
        if np.array_equal(again.labels, clusters.labels):
            break
        clusters = again
    clusters = _by_speech(clusters, weights)
    return Voices(
        turns=_turns(windows, clusters),
        speakers=_speakers(embeddings, weights, clusters),
        confidence=_confidence(embeddings, weights, clusters),
        silhouette=_silhouette(embeddings, clusters),
    )


def tau(seconds: float) -> float:
    """Cosine above which two clusters are one voice, the smaller having `seconds` of speech."""
    return min(TAU_BASE + TAU_SLOPE * math.log(max(seconds, 0.1)), TAU_MOST)


def _clustered(embeddings: Embeddings, settings: Settings) -> Clusters:
    if len(embeddings) < 2:
        return Clusters(np.zeros(len(embeddings), np.intp))
    model = AgglomerativeClustering(
        n_clusters=None, distance_threshold=settings.cluster_cut, metric="cosine", linkage="average"
    )
    return Clusters(model.fit_predict(embeddings))


def _dropped(clusters: Clusters, embeddings: Embeddings, weights: NDArray[np.float64], settings: Settings) -> Clusters:
    """Give the windows of voices with too little speech to the nearest of the others."""
    seconds = np.bincount(clusters.labels, weights, clusters.count)
    kept = [c for c in range(clusters.count) if seconds[c] >= settings.shortest_voice_s] or [int(seconds.argmax())]
    centroids = _centroids(embeddings, weights, clusters)[kept]
    nearest = (embeddings @ centroids.T).argmax(axis=1)
    own = np.array([kept.index(c) if c in kept else -1 for c in clusters.labels])
    return Clusters(np.where(own >= 0, own, nearest))


def _merged(embeddings: Embeddings, weights: NDArray[np.float64], clusters: Clusters) -> Clusters:
    """Merge the pair furthest above its tau until no pair is."""
    while clusters.count > 1:
        excess, pair = _closest(embeddings, weights, clusters)
        if excess <= 0:
            break
        labels = np.where(clusters.labels == pair[1], pair[0], clusters.labels)
        clusters = Clusters(np.unique(labels, return_inverse=True)[1])
    return clusters


def _closest(embeddings: Embeddings, weights: NDArray[np.float64], clusters: Clusters) -> tuple[float, tuple[int, int]]:
    """The pair of clusters whose cosine exceeds its tau most (or falls short least), and by how much."""
    centroids = _centroids(embeddings, weights, clusters)
    seconds = np.bincount(clusters.labels, weights, clusters.count)
    pairs = [(a, b) for a in range(clusters.count) for b in range(a + 1, clusters.count)]
    excesses = [float(centroids[a] @ centroids[b]) - tau(float(min(seconds[a], seconds[b]))) for a, b in pairs]
    best = int(np.argmax(excesses))
    return excesses[best], pairs[best]


def _viterbi(embeddings: Embeddings, windows: Sequence[Window], clusters: Clusters) -> Clusters:
    """The likeliest sequence of voices; switching costs more inside a region than across a pause."""
    if clusters.count < 2:
        return clusters
    weights = np.array([w.weight_s for w in windows])
    scores = EMISSION * embeddings @ _centroids(embeddings, weights, clusters).T
    best, back = scores[0], np.zeros(scores.shape, np.intp)
    for t in range(1, len(windows)):
        cost = SWITCH_INSIDE if windows[t].region == windows[t - 1].region else SWITCH_PAUSE
        moves = best[:, None] - cost * (1 - np.eye(clusters.count))
        back[t] = moves.argmax(axis=0)
        best = moves.max(axis=0) + scores[t]
    labels = np.empty(len(windows), np.intp)
    labels[-1] = best.argmax()
    for t in range(len(windows) - 1, 0, -1):
        labels[t - 1] = back[t, labels[t]]
    return Clusters(np.unique(labels, return_inverse=True)[1])


def _by_speech(clusters: Clusters, weights: NDArray[np.float64]) -> Clusters:
    """Number the voices by their speech, most first."""
    order = np.argsort(-np.bincount(clusters.labels, weights, clusters.count), kind="stable")
    rank = np.empty(clusters.count, np.intp)
    rank[order] = np.arange(clusters.count)
    return Clusters(rank[clusters.labels])


def _turns(windows: Sequence[Window], clusters: Clusters) -> tuple[Turn, ...]:
    """Turns from windows: neighbours share their border, a voice's short gaps are bridged."""
    turns: list[Turn] = []
    for i, (window, label) in enumerate(zip(windows, clusters.labels, strict=True)):
        span = Span(_border(windows, i - 1, i, window.span.start_s), _border(windows, i, i + 1, window.span.end_s))
        if turns and turns[-1].speaker == label and span.start_s - turns[-1].span.end_s < BRIDGE_S:
            turns[-1] = Turn(Span(turns[-1].span.start_s, span.end_s), int(label))
        else:
            turns.append(Turn(span, int(label)))
    return tuple(turns)


def _border(windows: Sequence[Window], left: int, right: int, outer: float) -> float:
    """Where window `left` hands over to `right`: between their centres inside a region, else at `outer`."""
    if left < 0 or right >= len(windows) or windows[left].region != windows[right].region:
        return outer
    a, b = windows[left].span, windows[right].span
    return (a.start_s + a.end_s + b.start_s + b.end_s) / 4


def _speakers(embeddings: Embeddings, weights: NDArray[np.float64], clusters: Clusters) -> tuple[Speaker, ...]:
    seconds = np.bincount(clusters.labels, weights, clusters.count)
    centroids = _centroids(embeddings, weights, clusters)
    return tuple(
        Speaker(c, float(seconds[c]), float(seconds[c] / seconds.sum()), tuple(map(float, centroids[c])))
        for c in range(clusters.count)
    )


def _confidence(embeddings: Embeddings, weights: NDArray[np.float64], clusters: Clusters) -> float:
    """How sure the number of voices is, from the margin to the next decision.

    Several voices: how far the closest pair stays under its tau. One voice: how far the best forced split stays
    above its tau.
    """
    if clusters.count > 1:
        margin = -_closest(embeddings, weights, clusters)[0]
    elif len(embeddings) > 1:
        split = AgglomerativeClustering(n_clusters=2, metric="cosine", linkage="average").fit_predict(embeddings)
        margin = _closest(embeddings, weights, Clusters(split))[0]
    else:
        margin = 0.0
    return min(P_MOST, 1 / (1 + math.exp(-(P_OFFSET + P_SLOPE * margin))))


def _silhouette(embeddings: Embeddings, clusters: Clusters) -> float | None:
    if not 2 <= clusters.count < len(embeddings):
        return None
    return float(silhouette_score(embeddings, clusters.labels, metric="cosine"))


def _centroids(embeddings: Embeddings, weights: NDArray[np.float64], clusters: Clusters) -> Embeddings:
    """Weighted mean embedding of every cluster, unit length, shape (clusters, 256)."""
    sums = np.zeros((clusters.count, embeddings.shape[1]))
    np.add.at(sums, clusters.labels, embeddings * weights[:, None])
    unit: Embeddings = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit
