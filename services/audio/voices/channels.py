"""One voice through two channels: a telephone, another microphone, a head that turns away. All functions are pure.

A channel changes the spectrum and with it the embedding, but not the pitch. Where two voices have the same pitch and
spectra as far apart as only channels are, both are brought to the spectrum that they share and compared again
(`services.audio.voices.encoder`). An echo cannot be taken out like this: the number of voices is then unsure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from services.audio.voices.clusters import Clusters, Features, rejoined, tau
from services.audio.voices.windows import Window

# On ten voices, each before and after a telephone line, a muffling and an echo: one voice stayed within 1.7 semitones
# (an octave was mistaken once), two were 8 apart in the median. One voice's spectra were 5 dB apart at most without
# another channel and 12 with one. Of 20 changes of channel 6 were joined by this beside 13 that were one voice before;
# of 225 pairs of two voices 4 are, all in different channels.
SAME_PITCH = 2.0
CHANNEL_DB = 6.0
# Voices of one pitch that are no less alike than this may be one in another room: such were .65 and more.
MAYBE_SAME = 0.62
MOST_WINDOWS = 48


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of two groups of windows: the cosine of their embeddings after both were brought to the spectrum that they share,
    and how far apart their spectra were, in dB (standard deviation over the mel bands).
    """

    cosine: float
    spectra_db: float


Compare = Callable[[Sequence[Window], Sequence[Window]], Likeness]


@dataclass(frozen=True, slots=True)
class Rejoined:
    """`margin` of the least sure join to its limit, None without one; `unsure` where two may be one all the same."""

    clusters: Clusters
    margin: float | None = None
    unsure: bool = False


def one_voice(clusters: Clusters, voice: Features, windows: Sequence[Window], compare: Compare) -> Rejoined:
    """Join voices that are one behind two channels."""
    margin, unsure = None, False
    pairs = _same_pitch(clusters, voice)
    while pairs:
        first, second = pairs.pop(0)
        found = compare(_some(clusters, windows, first), _some(clusters, windows, second))
        seconds, pitches = clusters.seconds(voice), clusters.pitches(voice)
        limit = float(tau(min(seconds[first], seconds[second]), abs(pitches[first] - pitches[second])))
        if found.spectra_db >= CHANNEL_DB and found.cosine > limit:
            margin = min(found.cosine - limit, margin if margin is not None else np.inf)
            clusters = rejoined(clusters, first, second)
            pairs, unsure = _same_pitch(clusters, voice), False
        elif found.cosine >= MAYBE_SAME:
            unsure = True
    return Rejoined(clusters, margin, unsure)


def _same_pitch(clusters: Clusters, voice: Features) -> list[tuple[int, int]]:
    pitches = clusters.pitches(voice)
    numbers = range(clusters.count)
    return [(a, b) for a in numbers for b in numbers if a < b and abs(pitches[a] - pitches[b]) <= SAME_PITCH]


def _some(clusters: Clusters, windows: Sequence[Window], label: int) -> list[Window]:
    """Evenly spaced windows of a voice, in order of time."""
    own = np.flatnonzero(clusters.labels == label)
    return [windows[i] for i in own[:: -(-own.size // MOST_WINDOWS)]]
