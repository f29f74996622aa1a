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

# P(right) = sigmoid(P_OFFSET + P_TOGETHER * together): by how much the best split of any voice stays above its tau, at
# most MARGIN_MOST. Fitted on 400 files composed from 29 voices, 95 in a hundred with the right number; how far voices
# are apart tells nothing more where they are not NEAR.
P_OFFSET, P_TOGETHER, MARGIN_MOST = 2.67, 2.2, 0.25
# Two voices that stay less under their tau may be one in another room or at another microphone, as were all that were
# one in those files: not sure enough for a serious finding, though four in five are two.
NEAR, P_NEAR = 0.12, 0.55
# Smoothing and merging are repeated until nothing changes, at most so often.
ROUNDS = 3


def diarize(voice: Features, windows: Sequence[Window], settings: Settings) -> Voices:
    """Voices from the features of `windows`. Without windows: nobody."""
    if not windows:
        return Voices()
    clusters = _by_speech(_voices(voice, windows, settings), voice)
    return Voices(
        turns=turns(clusters, windows),
        speakers=_speakers(clusters, voice),
        confidence=_confidence(clusters, voice),
        silhouette=_silhouette(clusters, voice.heard),
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
    seconds, voiceprints = clusters.seconds(voice), clusters.voiceprints(voice)
    shares, pitches = seconds / seconds.sum(), clusters.pitches(voice)
    return tuple(
        Speaker(c, float(seconds[c]), float(shares[c]), tuple(map(float, voiceprints[c])), hertz(pitches[c]))
        for c in range(clusters.count)
    )


def _confidence(clusters: Clusters, voice: Features) -> float:
    """How sure the number of voices is, from the margins to the next decisions: one voice fewer, and one more."""
    together = min(_together(voice.at(clusters.labels == label)) for label in range(clusters.count))
    sure = 1 / (1 + math.exp(-(P_OFFSET + P_TOGETHER * min(together, MARGIN_MOST))))
    near = clusters.count > 1 and -closest(clusters, voice)[0] < NEAR
    return min(sure, P_NEAR) if near else sure


def _together(voice: Features) -> float:
    """By how much one voice stays one when it is forced into two."""
    return closest(split(voice), voice)[0] if len(voice) > 1 else 0.0


def _silhouette(clusters: Clusters, embeddings: Embeddings) -> float | None:
    some = thinned(len(embeddings))
    labels = clusters.labels[some]
    if not 2 <= np.unique(labels).size < labels.size:
        return None
    return float(silhouette_score(embeddings[some], labels, metric="cosine"))
