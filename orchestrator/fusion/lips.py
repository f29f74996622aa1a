"""Speech while the lips are still: voice activity against mouth opening. All functions are pure.

The voice may be somebody else's, out of the picture. It is compared only where a face is visible and not turned far,
after the delay between sound and picture has been searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean, median, pstdev

from orchestrator.evidence import Timeline
from servicekit.wire import Span

WINDOW_S, STEP_S, FEWEST_SAMPLES = 1.0, 0.25, 4
# Opening of the mouth over its width: a still mouth scatters by 0.001 to 0.005, a speaking one by 0.02 to 0.06.
STILL_FLOOR, STILL_SHARE = 0.008, 0.25
SHORTEST_S = 2.0
MOST_TURNED_DEG = 35.0
MOST_LAG_S, LAG_STEP_S = 0.6, 0.1
# Without pauses to compare, no delay can be found and none is assumed.
FEWEST_OF_EACH = 4


@dataclass(frozen=True, slots=True)
class Movement:
    """How much the mouth moves around one moment: the standard deviation of its opening within a second."""

    at_s: float
    amount: float


def still_lips(speech: Sequence[Span], timeline: Timeline) -> tuple[Span, ...]:
    """Where somebody speaks for two seconds or more while the visible mouth is still."""
    moving = list(movements(timeline))
    lag_s = delay(speech, moving)
    voiced = [m for m in moving if _is_speech(speech, m.at_s - lag_s)]
    if not voiced:
        return ()
    limit = max(STILL_FLOOR, STILL_SHARE * median(m.amount for m in voiced))
    return tuple(_runs(voiced, limit, lag_s))


def movements(timeline: Timeline) -> Iterator[Movement]:
    """Movement of the mouth every quarter of a second, where a face looks roughly at the camera."""
    seen = [
        (at_s, opening)
        for at_s, opening, yaw in zip(timeline.offset_s, timeline.mouth_opening, timeline.yaw_deg, strict=True)
        if opening is not None and abs(yaw or 0.0) <= MOST_TURNED_DEG
    ]
    first = 0
    for step in range(int((seen[-1][0] if seen else 0.0) / STEP_S) + 1):
        at_s = step * STEP_S
        while first < len(seen) and seen[first][0] < at_s - WINDOW_S / 2:
            first += 1
        inside = []
        for moment_s, opening in seen[first:]:
            if moment_s > at_s + WINDOW_S / 2:
                break
            inside.append(opening)
        if len(inside) >= FEWEST_SAMPLES:
            yield Movement(at_s, pstdev(inside))


def delay(speech: Sequence[Span], moving: Sequence[Movement]) -> float:
    """Seconds by which the picture is later: the mouth then moves most in speech and least in pauses."""
    steps = round(MOST_LAG_S / LAG_STEP_S)
    # The smallest delay wins among equals.
    lags = sorted((LAG_STEP_S * step for step in range(-steps, steps + 1)), key=abs)
    return max(lags, key=lambda lag_s: _contrast(speech, moving, lag_s))


def _contrast(speech: Sequence[Span], moving: Sequence[Movement], lag_s: float) -> float:
    voiced = [m.amount for m in moving if _is_speech(speech, m.at_s - lag_s)]
    silent = [m.amount for m in moving if not _is_speech(speech, m.at_s - lag_s)]
    if min(len(voiced), len(silent)) < FEWEST_OF_EACH:
        return 0.0
    return round(fmean(voiced) - fmean(silent), 4)


def _runs(voiced: Sequence[Movement], limit: float, lag_s: float) -> Iterator[Span]:
    """Neighbouring still moments, long enough together."""
    still = [m for m in voiced if m.amount < limit]
    # Neighbours have the same difference between their number and their place.
    for _, run in groupby(enumerate(still), key=lambda pair: round(pair[1].at_s / STEP_S) - pair[0]):
        moments = [m.at_s for _, m in run]
        span = Span(max(0.0, moments[0] - lag_s), max(0.0, moments[-1] - lag_s))
        if span.duration_s + WINDOW_S / 2 >= SHORTEST_S:
            yield span


def _is_speech(speech: Sequence[Span], at_s: float) -> bool:
    return any(s.start_s <= at_s < s.end_s for s in speech)
