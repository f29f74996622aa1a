"""Voice against lips, on recorded voices and mouths that follow them as loosely as real ones do.

A mouth opens with the loudness of what it says, smoothed over 80 ms and made loose by a factor that changes a few times
a second and by movement of its own, so that correlations are those reported of real speakers, 0.3 to 0.6. No recording
of a real mouth is among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, sosfiltfilt

from orchestrator.evidence import Synchrony, Timeline
from orchestrator.fusion.findings.sound import UNLIKE_LIPS_S, UNLIKE_LIPS_SIMILARITY
from orchestrator.fusion.findings.synchrony import synchrony
from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.audio.levels import course

Sound = NDArray[np.float32]
Floats = NDArray[np.float64]
FINE_HZ, ROWS_HZ, MOST_LAG_S = 100, 10, 0.6
LOOSENESS = (0.5, 1.0, 1.5)
"""Movement of the mouth's own, in standard deviations of that with the voice."""
SECONDS = (30, 60, 90)
CASES = 50


@dataclass(frozen=True, slots=True)
class LipScores:
    """Of CASES honest and as many dubbed answers: similarities, errors of the lag in seconds, how many are flagged."""

    looseness: float
    seconds: int
    honest: Floats
    dubbed: Floats
    lag_errors_s: Floats
    honest_flagged: int
    dubbed_flagged: int
    long_enough: int


def lip_scores(voices: Mapping[str, Sequence[Sound]]) -> Iterator[LipScores]:
    """One for each looseness and length; voices by speaker."""
    random = np.random.default_rng(3)
    whole = {name: np.concatenate(list(sounds)) for name, sounds in sorted(voices.items())}
    for looseness in LOOSENESS:
        for seconds in SECONDS:
            yield _scores(random, whole, looseness, seconds)


def _scores(random: np.random.Generator, voices: dict[str, Sound], looseness: float, seconds: int) -> LipScores:
    honest, dubbed, errors_s = [], [], []
    for _ in range(CASES):
        one, other = random.choice(list(voices), 2, replace=False)
        said, late_s = _piece(random, voices[one], seconds), float(random.uniform(-MOST_LAG_S, MOST_LAG_S))
        honest.append(found := _found(said, watched(random, said, looseness, late_s)))
        if found.lag_s is not None:
            errors_s.append(abs(found.lag_s - late_s))
        dubbed.append(_found(said, watched(random, _piece(random, voices[other], seconds), looseness, 0.0)))
    return LipScores(
        looseness,
        seconds,
        np.array([f.similarity for f in honest]),
        np.array([f.similarity for f in dubbed]),
        np.array(errors_s),
        sum(map(_is_flagged, honest)),
        sum(map(_is_flagged, dubbed)),
        sum(f.seconds >= UNLIKE_LIPS_S for f in dubbed),
    )


def _is_flagged(found: Synchrony) -> bool:
    return found.seconds >= UNLIKE_LIPS_S and found.similarity < UNLIKE_LIPS_SIMILARITY


def _found(said: Sound, timeline: Timeline) -> Synchrony:
    level = np.array(course(said))
    loud = np.append(level > np.percentile(level, 95) - 30, False)
    edges = np.flatnonzero(np.diff(np.append(False, loud).astype(int)))
    speech = tuple(Span(0.05 * first, 0.05 * last) for first, last in edges.reshape(-1, 2))
    found = synchrony(level.tolist(), speech, timeline)
    assert found is not None
    return found


def _piece(random: np.random.Generator, voice: Sound, seconds: int) -> Sound:
    length = seconds * SAMPLE_RATE_HZ
    long = np.resize(voice, max(len(voice), length))
    first = int(random.integers(0, len(long) - length + 1))
    return long[first : first + length]


def watched(
    random: np.random.Generator, said: Sound, looseness: float, late_s: float, listening: float = 0.0
) -> Timeline:
    """Rows as the vision service's: about ten a second, at the frames that it took. `listening` is movement of the
    mouth's own in silence, as `looseness` is in speech.
    """
    step = SAMPLE_RATE_HZ // FINE_HZ
    frames = said[: said.size // step * step].reshape(-1, step).astype(np.float64)
    loud = np.sqrt((frames**2).mean(axis=1))
    opening = gaussian_filter1d(np.sqrt(np.minimum(loud / np.percentile(loud, 98), 1)), 8)
    loose = gaussian_filter1d(random.normal(size=len(opening)), 12) * np.sqrt(24 * np.sqrt(np.pi))
    own = sosfiltfilt(butter(2, [0.3, 5], "band", fs=FINE_HZ, output="sos"), random.normal(size=len(opening)))
    moved = opening * np.exp(0.5 * loose)
    speaking = gaussian_filter1d((opening > 0.15).astype(np.float64), 30)
    mouth = 0.2 + 0.03 * (moved / moved.std() + (looseness * speaking + listening * (1 - speaking)) * own / own.std())
    at_s = np.arange(0, len(mouth) / FINE_HZ, 1 / ROWS_HZ)
    at_s = at_s + random.uniform(0, 0.08, len(at_s))
    rows = np.interp(at_s - late_s, np.arange(len(mouth)) / FINE_HZ, mouth) + random.normal(0, 0.002, len(at_s))
    timeline = Timeline()
    timeline.offset_s.extend(at_s.tolist())
    timeline.mouth_opening.extend(rows.tolist())
    timeline.yaw_deg.extend([0.0] * len(at_s))
    return timeline
