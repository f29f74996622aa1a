"""Whether voice and lips belong together: the sound's level against the opening of the mouth. All functions are pure.

People open their mouths with the syllables they say, so that level and opening rise and fall together, in recordings of
real speech with a correlation of about 0.3 to 0.6 (Chandrasekaran et al. 2009, doi:10.1371/journal.pcbi.1000436). Where
it is highest when one of them is shifted, picture and sound are late by that much; where it is low at every shift, the
voice may not be that of the face.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orchestrator.evidence import Synchrony, Timeline
from servicekit.wire import Span

COURSE_STEP_S = 0.05
"""Of the audio service's `course_dbfs`."""
RANGE_DB, SYLLABLE_S = 30.0, 0.15
"""Levels so far below the loudest speech count as silence; levels are averaged over the length of a short syllable."""
SLOW_S = 2.0
"""What changes more slowly is taken away: a head that turns, a voice that rises."""
MOST_LAG_S, LAG_STEP_S = 1.0, 0.025
FAR_S, FAR_STEP_S = (3.0, 12.0), 0.1
"""Shifts at which nothing can belong together: how high a correlation gets by chance."""
MOST_TURNED_DEG, ROW_GAP_S, AROUND_SPEECH_S = 35.0, 0.25, 0.5
OUTLIER = 3.0
"""Values are cut at so many standard deviations: a yawn is no syllable."""
LEAST_COMPARED_S, CLEAR_SIMILARITY, CLEAR_DEVIATIONS = 10.0, 0.25, 3.0

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def synchrony(course_dbfs: Sequence[float], speech: Sequence[Span], timeline: Timeline) -> Synchrony | None:
    """Of one voice's `speech`, by the sound's level every COURSE_STEP_S; None with less than ten seconds to compare."""
    level = np.array(course_dbfs, np.float64)
    opening, seen = _mouth(timeline, len(level))
    compared = seen & _near_speech(speech, len(level))
    seconds = float(compared.sum()) * COURSE_STEP_S
    if seconds < LEAST_COMPARED_S:
        return None
    sound, mouth = _syllables(_audible(level), compared), _syllables(opening, compared)
    lags = np.arange(-MOST_LAG_S, MOST_LAG_S + LAG_STEP_S / 2, LAG_STEP_S)
    near = np.array([_correlation(sound, mouth, compared, lag_s) for lag_s in lags])
    away = np.arange(*FAR_S, FAR_STEP_S)
    far = np.array([_correlation(sound, mouth, compared, lag_s) for lag_s in (*-away, *away)])
    best = int(np.nanargmax(near))  # without a shift there is always enough
    chance = far[~np.isnan(far)] if not np.isnan(far).all() else np.zeros(1)
    clear = near[best] >= CLEAR_SIMILARITY and near[best] >= chance.mean() + CLEAR_DEVIATIONS * chance.std()
    return Synchrony(round(float(near[best]), 3), round(float(lags[best]), 3) if clear else None, round(seconds, 1))


def _mouth(timeline: Timeline, length: int) -> tuple[Floats, Flags]:
    """Opening of the mouth at the middle of each step, and whether it was seen there; both of shape (length,)."""
    rows = [
        (at_s, opening)
        for at_s, opening, yaw in zip(timeline.offset_s, timeline.mouth_opening, timeline.yaw_deg, strict=True)
        if opening is not None and abs(yaw or 0.0) <= MOST_TURNED_DEG
    ]
    if not rows or not length:
        return np.zeros(length), np.zeros(length, np.bool_)
    at_s, opening = np.array(rows, np.float64).T
    grid = (np.arange(length) + 0.5) * COURSE_STEP_S
    after = np.searchsorted(at_s, grid).clip(0, len(at_s) - 1)
    before = np.maximum(after - 1, 0)
    seen = np.minimum(np.abs(at_s[after] - grid), np.abs(at_s[before] - grid)) <= ROW_GAP_S
    return np.interp(grid, at_s, opening), seen


def _audible(level_dbfs: Floats) -> Floats:
    """0 in silence to 1 at the loudest, in steps of decibels."""
    loud = float(np.percentile(level_dbfs, 95))
    return _averaged(np.clip((level_dbfs - loud) / RANGE_DB + 1, 0, 1), SYLLABLE_S)


def _syllables(values: Floats, compared: Flags) -> Floats:
    """What changes from syllable to syllable, in standard deviations."""
    fast = values - _averaged(values, SLOW_S)
    deviation = float(fast[compared].std())
    return np.clip(fast / deviation, -OUTLIER, OUTLIER) if deviation > 0 else np.zeros_like(fast)


def _averaged(values: Floats, over_s: float) -> Floats:
    half = round(over_s / COURSE_STEP_S / 2)
    kernel = np.full(2 * half + 1, 1 / (2 * half + 1))
    return np.convolve(np.pad(values, half, mode="edge"), kernel, "valid")


def _correlation(sound: Floats, mouth: Floats, compared: Flags, lag_s: float) -> float:
    """Of the sound with the mouth `lag_s` later; NaN if too little overlaps."""
    steps = np.arange(len(sound), dtype=np.float64)
    later = steps + lag_s / COURSE_STEP_S
    inside = compared & (later >= 0) & (later <= len(sound) - 1)
    inside &= compared[np.rint(later).astype(int).clip(0, len(sound) - 1)]
    if inside.sum() * COURSE_STEP_S < LEAST_COMPARED_S / 2:
        return np.nan
    shifted = np.interp(later[inside], steps, mouth)
    if shifted.std() == 0 or sound[inside].std() == 0:
        return 0.0
    return float(np.corrcoef(sound[inside], shifted)[0, 1])


def _near_speech(speech: Sequence[Span], length: int) -> Flags:
    near = np.zeros(length, np.bool_)
    for span in speech:
        first, last = (
            (at_s / COURSE_STEP_S) for at_s in (span.start_s - AROUND_SPEECH_S, span.end_s + AROUND_SPEECH_S)
        )
        near[max(0, round(first)) : max(0, round(last))] = True
    return near
