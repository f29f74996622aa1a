"""Turns of speech from labelled voice windows. All functions are pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from servicekit.intervals import joined
from servicekit.wire import Span
from services.audio.model import Turn
from services.audio.voices.clusters import Clusters, Features
from services.audio.voices.windows import Window

# Weight of a cosine against the cost of changing the voice, inside a stretch of speech and across a pause. Found on
# development recordings.
EMISSION = 10.0
SWITCH_INSIDE, SWITCH_PAUSE = 1.0, 0.3
# Shorter gaps between stretches of the same voice are part of its turn, seconds.
BRIDGE_S = 1.0


def smoothed(clusters: Clusters, voice: Features, windows: Sequence[Window]) -> Clusters:
    """The likeliest sequence of voices (Viterbi); changing the voice costs more inside a region than across a pause."""
    if clusters.count < 2:
        return clusters
    scores = EMISSION * voice.embeddings @ clusters.centroids(voice).T
    others = 1 - np.eye(clusters.count, dtype=np.float32)
    best, back = scores[0], np.zeros(scores.shape, np.intp)
    for t in range(1, len(windows)):
        cost = SWITCH_INSIDE if windows[t].region == windows[t - 1].region else SWITCH_PAUSE
        moves = best[:, None] - cost * others
        back[t] = moves.argmax(axis=0)
        best = moves.max(axis=0) + scores[t]
    labels = np.empty(len(windows), np.intp)
    labels[-1] = best.argmax()
    for t in range(len(windows) - 1, 0, -1):
        labels[t - 1] = back[t, labels[t]]
    return Clusters(np.unique(labels, return_inverse=True)[1])


def turns(clusters: Clusters, windows: Sequence[Window]) -> tuple[Turn, ...]:
    """Turns in time order: neighbouring windows share their border, a voice's short gaps are bridged."""
    edges = [
        Span(_border(windows, i - 1, i, window.span.start_s), _border(windows, i, i + 1, window.span.end_s))
        for i, window in enumerate(windows)
    ]
    return tuple(joined(map(Turn, edges, clusters.labels.tolist()), _bridged))


def _bridged(a: Turn, b: Turn) -> Turn | None:
    near = a.speaker == b.speaker and b.span.start_s - a.span.end_s < BRIDGE_S
    return Turn(Span(a.span.start_s, b.span.end_s), a.speaker) if near else None


def _border(windows: Sequence[Window], left: int, right: int, outer: float) -> float:
    """Where window `left` hands over to `right`: between their centres inside a region, else at `outer`."""
    if left < 0 or right >= len(windows) or windows[left].region != windows[right].region:
        return outer
    a, b = windows[left].span, windows[right].span
    return (a.start_s + a.end_s + b.start_s + b.end_s) / 4
