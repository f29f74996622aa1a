"""Eyes that read: they go along a line and return quickly, line after line. Weak evidence: webcams see gaze badly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from servicekit.wire import Span
from services.vision.eyes.gaze import Looking
from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.settings import Limits

# Lines of 8 to 12 words take 2 to 3 seconds; found on made clips.
RETURN_S, LEAST_RETURN_DEG = 0.45, 4.0
"""The return takes no longer and goes no less far: as far as a webcam's gaze is known."""
LINE_S = (1.0, 6.0)
"""Shortest and longest line."""
LEAST_CLIMB, LEAST_STEADINESS, LEAST_SHARE = 0.5, 0.8, 0.6
"""Share of the return that the line has to make up for, the correlation of gaze and time along it, and the share of
the line's whole range that the return goes at once: slow waves are no lines. Of five looks a second one may meet a
return half-way."""
LEAST_LINES, LONGEST_RATIO = 5, 1.6
"""Lines in a row, each at most this many times as long as the one beside it."""
CONFIDENCE, LEAST_SAMPLES = 0.3, 4
"""Not calibrated; and samples that a line needs."""


@dataclass(frozen=True, slots=True)
class _Return:
    offset_s: float
    degrees: float


def reading_events(seen: Looking, _limits: Limits) -> list[VisionEvent]:
    """Spans with at least five lines of much the same length in a row. `strength` is the number of lines."""
    offset_s, gaze_deg = seen.offset_s, seen.gaze_horizontal_deg
    found: list[VisionEvent] = []
    for sign in (1.0, -1.0):
        lines: list[Span] = []
        for before, after in pairwise(_returns(offset_s, sign * gaze_deg)):
            line = Span(before.offset_s, after.offset_s)
            if not _climbs(offset_s, sign * gaze_deg, line, min(before.degrees, after.degrees)):
                continue
            if lines and (line.start_s > lines[-1].end_s or not _alike(line, lines[-1])):
                found += _event(lines)
                lines = []
            lines.append(line)
        found += _event(lines)
    return found


def _alike(line: Span, other: Span) -> bool:
    short, long = sorted((line.duration_s, other.duration_s))
    return long <= LONGEST_RATIO * short


def _event(lines: list[Span]) -> list[VisionEvent]:
    if len(lines) < LEAST_LINES:
        return []
    when = Span(lines[0].start_s, lines[-1].end_s)
    return [VisionEvent(EventKind.READING, when, lines[len(lines) // 2].start_s, float(len(lines)), CONFIDENCE)]


def _returns(offset_s: Floats, gaze_deg: Floats) -> list[_Return]:
    """Where the gaze falls quickly: the steepest moment of each fall."""
    firsts = np.searchsorted(offset_s, offset_s - RETURN_S / 2)
    ends = np.minimum(np.searchsorted(offset_s, offset_s + RETURN_S / 2), len(offset_s) - 1)
    falls = np.nan_to_num(gaze_deg[firsts] - gaze_deg[ends], nan=0.0)
    found: list[_Return] = []
    for index in np.flatnonzero(falls >= LEAST_RETURN_DEG):
        seen = _Return(float(offset_s[index]), float(falls[index]))
        if not found or seen.offset_s - found[-1].offset_s > RETURN_S:
            found.append(seen)
        elif seen.degrees > found[-1].degrees:
            found[-1] = seen
    return found


def _climbs(offset_s: Floats, gaze_deg: Floats, line: Span, return_deg: float) -> bool:
    """Whether the gaze goes steadily along the line between two returns."""
    if not LINE_S[0] <= line.duration_s <= LINE_S[1]:
        return False
    inside = (offset_s > line.start_s + RETURN_S / 2) & (offset_s < line.end_s - RETURN_S / 2) & ~np.isnan(gaze_deg)
    times, gaze = offset_s[inside], gaze_deg[inside]
    if len(times) < LEAST_SAMPLES or not 0 < LEAST_SHARE * np.ptp(gaze) <= return_deg:
        return False
    slope, steadiness = _trend(times, gaze)
    return steadiness >= LEAST_STEADINESS and slope * line.duration_s >= LEAST_CLIMB * return_deg


def _trend(times: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[float, float]:
    centred, level = times - times.mean(), values - values.mean()
    product = float(centred @ level)
    return product / float(centred @ centred), product / float(np.linalg.norm(centred) * np.linalg.norm(level))
