"""The peer: half-second windows, agglomerative clusters for two to five voices, the best silhouette over 0.2 wins."""

from __future__ import annotations

import warnings

import numpy as np
from resemblyzer import VoiceEncoder
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_score

from bench.speech.conditions import Sound
from bench.speech.recordings import SpeakerTurn
from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span

WINDOW_S, HOP_S = 0.5, 0.25
LEAST_SILHOUETTE = 0.2
MOST_VOICES = 5


class OriginalVoices:
    """The prototype's diarization."""

    def __init__(self) -> None:
        """Load the encoder."""
        self._encoder = VoiceEncoder("cpu", verbose=False)

    def turns(self, sound: Sound) -> list[SpeakerTurn]:
        """A voice for every half second, silence included: the prototype has no voice activity detection."""
        window, hop = int(WINDOW_S * SAMPLE_RATE_HZ), int(HOP_S * SAMPLE_RATE_HZ)
        starts = range(0, max(1, sound.size - window), hop)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = np.stack([self._encoder.embed_utterance(sound[s : s + window]) for s in starts])
        labels = self._labels(found)
        hops = (Span(s / SAMPLE_RATE_HZ, s / SAMPLE_RATE_HZ + HOP_S) for s in starts)
        return [SpeakerTurn(span, str(label)) for span, label in zip(hops, labels, strict=True)]

    def _labels(self, found: Sound) -> list[int]:
        best, labels = LEAST_SILHOUETTE, [0] * len(found)
        for count in range(2, min(MOST_VOICES, len(found) - 1) + 1):
            tried = AgglomerativeClustering(count).fit_predict(found)
            if (score := float(silhouette_score(found, tried))) > best:
                best, labels = score, tried.tolist()
        return labels
