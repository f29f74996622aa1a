"""A replayed loop: moments that were there before, in the same order and at the same distance."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from servicekit.intervals import joined
from servicekit.wire import Span
from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.picture.frames import Pixels
from services.vision.series import Series
from services.vision.settings import Limits

WIDTH_PX, HEIGHT_PX, ROWS = 16, 12, 120
MOST_PRINTS = 20_000
"""Frames that are compared, 13 minutes at 25 frames a second, 8 MB; later ones are not."""
PROBE_S, SHORTEST_LOOP_S = 1.0, 1.5
"""Time between two frames that are looked for, and how far back at least."""
SAME, MOVED_FACTOR, MOVED_S = 0.45, 2.5, (0.3, 0.8)
"""Root mean square difference, of 255, under which two frames may be the same; half a second beside it the difference
must be this many times as large, or the person just sits still. Measured on made clips, encoded twice."""
LAG_SLACK_S, GAP_S = 0.1, 4.0
"""Rounds of one loop differ by a frame or two; so long a loop may be without a moment that can be told from others."""
CONFIDENCE = 0.8
"""Not calibrated."""
CHUNK, CANDIDATES = 64, 6
FINENESS = 128
"""Steps of a print in one of the 255 steps of brightness: rounding would hide what noise leaves."""
Print = NDArray[np.uint16]
"""192 numbers of a picture; shape (n, 192) of several."""


def fingerprint(luma: Pixels) -> Print:
    """A brightness picture of any size in 192 numbers; a part of the rows is enough."""
    rows = luma[:: max(1, luma.shape[0] // ROWS)].astype(np.float32)
    small = cv2.resize(rows, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return (FINENESS * np.asarray(small)).astype(np.uint16).ravel()


def loop_events(series: Series, limits: Limits) -> list[VisionEvent]:
    """Spans that repeat what was shown before."""
    return [
        VisionEvent(EventKind.CAMERA_LOOPED, when, (when.start_s + when.end_s) / 2, 1.0, CONFIDENCE)
        for when in _repeats(series.prints.offset_s, series.prints.prints)
        if when.duration_s >= limits.camera_loop_min_s
    ]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A stretch that was there before, and how long before at the latest."""

    span: Span
    lag_s: float


def _repeats(offset_s: Floats, prints: Print) -> list[Span]:
    """Runs of probes that find themselves earlier, all at the same distance."""
    probes = (_Repeat(Span(at_s, at_s + PROBE_S), lag_s) for at_s, lag_s in _lags(offset_s, prints))
    last_s = float(offset_s[-1]) if len(offset_s) else 0.0
    return [Span(found.span.start_s, min(found.span.end_s, last_s)) for found in joined(probes, _continued)]


def _continued(a: _Repeat, b: _Repeat) -> _Repeat | None:
    if b.span.start_s - a.span.end_s > GAP_S or not _same_loop(b.lag_s, a.lag_s):
        return None
    return _Repeat(Span(a.span.start_s, b.span.end_s), min(a.lag_s, b.lag_s))


def _same_loop(lag_s: float, other_s: float) -> bool:
    """Whether one distance is a multiple of the other: a moment may be found in the round before or earlier."""
    short, long = sorted((lag_s, other_s))
    rounds = round(long / short)
    return abs(long - rounds * short) <= LAG_SLACK_S * rounds


def _lags(offset_s: Floats, prints: Print) -> list[tuple[float, float]]:
    """Time of each probe that was there before, and how long before at the latest."""
    if not len(offset_s):
        return []
    times = np.arange(SHORTEST_LOOP_S, float(offset_s[-1]), PROBE_S)
    probes = np.unique(np.searchsorted(offset_s, times))
    level = (prints / np.float32(FINENESS)).astype(np.float32)
    level -= level.mean(axis=1, keepdims=True)
    found = []
    for first in range(0, len(probes), CHUNK):
        part = probes[first : first + CHUNK]
        for probe, distances in zip(part, _distances(level, level[part]), strict=True):
            same = _earlier_same(offset_s, distances, int(probe))
            if same is not None:
                found.append((float(offset_s[probe]), float(offset_s[probe] - offset_s[same])))
    return found


def _distances(level: NDArray[np.float32], probes: NDArray[np.float32]) -> NDArray[np.float32]:
    squares = (probes**2).sum(axis=1)[:, None] + (level**2).sum(axis=1)[None, :] - 2 * probes @ level.T
    return np.asarray(np.sqrt(np.maximum(squares, 0.0) / level.shape[1]), np.float32)


def _earlier_same(offset_s: Floats, distances: NDArray[np.float32], probe: int) -> int | None:
    """The latest of the most similar earlier frames around which the picture moved; None without one."""
    end = int(np.searchsorted(offset_s, offset_s[probe] - SHORTEST_LOOP_S))
    left = distances[:end].copy()
    found = []
    for _ in range(CANDIDATES if end else 0):
        index = int(np.argmin(left))
        if left[index] >= SAME:
            break
        first, last = np.searchsorted(offset_s, offset_s[index] + np.array((-MOVED_S[1], MOVED_S[1])))
        aside, around = np.abs(offset_s[first:last] - offset_s[index]), distances[first:last]
        moved = around[aside >= MOVED_S[0]]
        if moved.size and moved.min() > MOVED_FACTOR * distances[index]:
            found.append(index)
        left[first : min(last, end)] = np.inf
    return max(found, default=None)
