"""How many voices there are, and who speaks when, from the embeddings and pitches of voice windows.

Clustering over-splits on purpose; the merge test then joins what is not different enough for the seconds of evidence
it has; a Viterbi pass smooths the turns. All functions are pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from sklearn.metrics import silhouette_score

from services.audio.model import Speaker, Voices
from services.audio.settings import Settings
from services.audio.voices.channels import Compare, Rejoined, one_voice
from services.audio.voices.clusters import (
    Clusters,
    Embeddings,
    Features,
    closest,
    clustered,
    dropped,
    merged,
    split,
    thinned,
)
from services.audio.voices.overlap import overlaps
from services.audio.voices.pitch import hertz
from services.audio.voices.turns import smoothed, turns
from services.audio.voices.windows import Window

# P(right) = sigmoid(P_OFFSET + P_SLOPE * margin), capped; fitted on development recordings.
P_OFFSET, P_SLOPE, P_MOST = 0.9, 30.0, 0.95
P_UNSURE = 0.5
# Smoothing and merging are repeated until nothing changes, at most so often.
ROUNDS = 3


def diarize(voice: Features, windows: Sequence[Window], settings: Settings, compare: Compare) -> Voices:
    """Voices from the features of `windows`; `compare` looks again at two that may be one. Without windows: nobody."""
    if not windows:
        return Voices()
    found = one_voice(_voices(voice, windows, settings), voice, windows, compare)
    clusters = _by_speech(found.clusters, voice)
    return Voices(
        turns=turns(clusters, windows),
        speakers=_speakers(clusters, voice),
        confidence=_confidence(found, voice),
        silhouette=_silhouette(clusters, voice.embeddings),
        overlaps=overlaps(clusters, voice, windows),
    )


def _voices(voice: Features, windows: Sequence[Window], settings: Settings) -> Clusters:
    def tested(clusters: Clusters) -> Clusters:
        return merged(dropped(clusters, voice, settings.shortest_voice_s), voice)

    clusters = tested(clustered(voice, settings.cluster_cut))
    for _ in range(ROUNDS):
        again = tested(smoothed(clusters, voice, windows))
        if np.array_equal(again.labels, clusters.labels):
            break
        clusters = again
    return clusters


def _by_speech(clusters: Clusters, voice: Features) -> Clusters:
    """Number the voices by their speech, most first."""
    order = np.argsort(-clusters.seconds(voice), kind="stable")
    rank = np.empty(clusters.count, np.intp)
    rank[order] = np.arange(clusters.count)
    return Clusters(rank[clusters.labels])


def _speakers(clusters: Clusters, voice: Features) -> tuple[Speaker, ...]:
    seconds, centroids = clusters.seconds(voice), clusters.centroids(voice)
    shares, pitches = seconds / seconds.sum(), clusters.pitches(voice)
    return tuple(
        Speaker(c, float(seconds[c]), float(shares[c]), tuple(map(float, centroids[c])), hertz(pitches[c]))
        for c in range(clusters.count)
    )


def _confidence(found: Rejoined, voice: Features) -> float:
    """How sure the number of voices is, from the margin to the next decision.

    Several voices: how far the closest pair stays under its tau. One voice: how far the best forced split stays
    above its tau, or the join that made it one. Not sure where two may be one in another room.
    """
    if found.margin is not None and found.clusters.count == 1:
        margin = found.margin
    elif found.clusters.count > 1:
        margin = -closest(found.clusters, voice)[0]
    elif len(voice) > 1:
        margin = closest(split(voice), voice)[0]
    else:
        margin = 0.0
    return min(P_UNSURE if found.unsure else P_MOST, 1 / (1 + math.exp(-(P_OFFSET + P_SLOPE * margin))))


def _silhouette(clusters: Clusters, embeddings: Embeddings) -> float | None:
    some = thinned(len(embeddings))
    labels = clusters.labels[some]
    if not 2 <= np.unique(labels).size < labels.size:
        return None
    return float(silhouette_score(embeddings[some], labels, metric="cosine"))
