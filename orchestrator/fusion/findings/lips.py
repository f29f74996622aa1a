"""Speech while the lips are still: voice activity against mouth opening. All functions are pure.

The voice may be somebody else's, out of the picture. It is compared only where a face is visible and not turned far,
after the delay between sound and picture has been searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.evidence import Timeline
from servicekit.wire import Span

WINDOW_S, STEP_S, FEWEST_SAMPLES = 1.0, 0.25, 4
# Opening of the mouth over its width: a still mouth scatters by 0.001 to 0.005, a speaking one by 0.02 to 0.06.
STILL_FLOOR, STILL_SHARE = 0.008, 0.25
SHORTEST_S, LONGEST_PAUSE_S = 2.0, 1.0
"""Of speech while the mouth is still, and of a pause within it: who speaks in short phrases pauses too."""
MOST_TURNED_DEG = 35.0
MOST_LAG_S, LAG_STEP_S = 0.6, 0.1
# Without pauses to compare, no delay can be found and none is assumed.
FEWEST_OF_EACH = 4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Movements:
    """How much the mouth moves: moments on a grid of STEP_S and, around each, the standard deviation of its opening
    within a second; both of shape (moments,).
    """

    at_s: Floats
    amount: Floats


def still_lips(speech: Sequence[Span], timeline: Timeline, known_lag_s: float | None = None) -> tuple[Span, ...]:
    """Where somebody speaks for two seconds or more, with short pauses or none, while the visible mouth is still.

    `known_lag_s` is how much later the picture is; without it, speech and pauses tell.
    """
    moving = movements(timeline)
    lag_s = delay(speech, moving) if known_lag_s is None else known_lag_s
    voiced = is_speech(speech, moving.at_s - lag_s)
    if not voiced.any():
        return ()
    limit = max(STILL_FLOOR, STILL_SHARE * float(np.median(moving.amount[voiced])))
    still = moving.amount < limit
    return tuple(_runs(moving.at_s[still], voiced[still], lag_s))


def movements(timeline: Timeline) -> Movements:
    """Movement of the mouth every quarter of a second, where a face looks roughly at the camera."""
    seen = [
        (at_s, opening)
        for at_s, opening, yaw in zip(timeline.offset_s, timeline.mouth_opening, timeline.yaw_deg, strict=True)
        if opening is not None and abs(yaw or 0.0) <= MOST_TURNED_DEG
    ]
    times, openings = np.array(seen, np.float64).reshape(-1, 2).T
    grid = np.arange(0.0, times[-1] + STEP_S / 2 if len(times) else 0.0, STEP_S)
    first = np.searchsorted(times, grid - WINDOW_S / 2, "left")
    last = np.searchsorted(times, grid + WINDOW_S / 2, "right")
    enough = last - first >= FEWEST_SAMPLES
    amounts = [openings[a:b].std() for a, b in zip(first[enough], last[enough], strict=True)]
    return Movements(grid[enough], np.array(amounts, np.float64))


def delay(speech: Sequence[Span], moving: Movements) -> float:
    """Seconds by which the picture is later: the mouth then moves most in speech and least in pauses."""
    steps = round(MOST_LAG_S / LAG_STEP_S)
    # The smallest delay wins among equals.
    lags = sorted((LAG_STEP_S * step for step in range(-steps, steps + 1)), key=abs)
    return max(lags, key=lambda lag_s: _contrast(speech, moving, lag_s))


def _contrast(speech: Sequence[Span], moving: Movements, lag_s: float) -> float:
    voiced = is_speech(speech, moving.at_s - lag_s)
    if min(voiced.sum(), (~voiced).sum()) < FEWEST_OF_EACH:
        return 0.0
    return round(float(moving.amount[voiced].mean() - moving.amount[~voiced].mean()), 4)


def _runs(still_s: Floats, voiced: NDArray[np.bool_], lag_s: float) -> Iterator[Span]:
    """Where the mouth stays still through enough speech, short pauses of the voice included."""
    for run in np.split(np.arange(still_s.size), np.flatnonzero(np.diff(still_s) > 1.5 * STEP_S) + 1):
        spoken_s = still_s[run[voiced[run]]]
        for part in np.split(spoken_s, np.flatnonzero(np.diff(spoken_s) > LONGEST_PAUSE_S + STEP_S) + 1):
            if STEP_S * (part.size - 1) + WINDOW_S / 2 >= SHORTEST_S:
                yield Span(max(0.0, float(part[0]) - lag_s), max(0.0, float(part[-1]) - lag_s))


def is_speech(speech: Sequence[Span], at_s: Floats) -> NDArray[np.bool_]:
    """Whether each moment lies in speech; the spans are in order of time and do not overlap."""
    starts, ends = (np.array([getattr(s, edge) for s in speech], np.float64) for edge in ("start_s", "end_s"))
    last = np.searchsorted(starts, at_s, "right") - 1
    inside: NDArray[np.bool_] = np.zeros(len(at_s), np.bool_)
    known = last >= 0
    inside[known] = at_s[known] < ends[last[known]]
    return inside
