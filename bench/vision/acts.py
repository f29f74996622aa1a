"""What a puppet does over time, with the truth about it: blinks, turns, natural movement."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scripts.make_sample.portrait import Pose
from servicekit.wire import Span

TURN_S = 0.3
"""How long the head takes to turn and to come back."""
EYES_ALONG = 0.004
"""How far the eyes go along with a turned head, in eye widths a degree: about 0.6 degrees a degree."""
LINE_S, LINE_WIDTH, FIXATION_S = 2.4, 0.12, 0.3
"""A line that is read: its time, how far the eyes go in eye widths (about 17 degrees), and how long they rest."""
PAUSES_S, SHORT_PAUSES_S = (0.9, 4.0), (0.5, 1.4)
"""Between two blinks of somebody who blinks 22 times a minute, and of somebody who blinks 50 times."""
BLINK_S = (0.12, 0.35)
"""Lengths of blinks from first to last movement of the lids; the eye is shut for about half of it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A look away: degrees to the right of the picture and up. `span` is from half way out to half way back."""

    span: Span
    yaw_deg: float
    pitch_deg: float

    @property
    def degrees(self) -> float:
        """How far the head turns."""
        return max(abs(self.yaw_deg), abs(self.pitch_deg))


@dataclass(frozen=True, slots=True)
class Act:
    """One clip's performance; `liveliness` scales the natural movement."""

    duration_s: float
    blinks: tuple[Span, ...] = ()
    turns: tuple[Turn, ...] = ()
    liveliness: float = 1.0
    reading: bool = False

    def pose(self, time_s: float) -> tuple[Pose, float]:
        """The pose and the pitch in degrees."""
        outs = [(turn, _eased(turn.span, time_s)) for turn in self.turns]
        lively = self.liveliness
        yaw = sum(out * turn.yaw_deg for turn, out in outs) + lively * 4.0 * math.sin(0.9 * time_s) * math.sin(
            0.37 * time_s
        )
        pitch = sum(out * turn.pitch_deg for turn, out in outs) + lively * 3.0 * math.sin(0.61 * time_s + 1)
        gaze = EYES_ALONG * sum(out * turn.yaw_deg for turn, out in outs) + lively * 0.04 * _glance(time_s)
        gaze = LINE_WIDTH * _along(time_s) if self.reading else gaze
        talk = max(0.0, math.sin(9.0 * time_s)) * (math.sin(0.8 * time_s) > -0.4) * lively * 0.7
        sway = lively * 3.0 * math.sin(0.7 * time_s), lively * 2.0 * math.sin(1.1 * time_s + 1)
        closed = max((_lids(time_s, blink) for blink in self.blinks), default=0.0)
        return Pose(closed, talk, float(yaw), float(gaze), sway, lively * 1.5 * math.sin(0.5 * time_s)), float(pitch)


def random_blinks(duration_s: float, seed: int, pauses_s: tuple[float, float] = PAUSES_S) -> tuple[Span, ...]:
    """Blinks of different lengths with pauses between them."""
    random, found, at_s = np.random.default_rng(seed), [], 1.0
    while at_s < duration_s - 1.0:
        found.append(Span(at_s, at_s + float(random.uniform(*BLINK_S))))
        at_s = found[-1].end_s + float(random.uniform(*pauses_s))
    return tuple(found)


def turns(degrees: tuple[float, ...], lengths_s: tuple[float, ...], side: int) -> tuple[Turn, ...]:
    """Every angle with every length, one after the other: sideways (`side` 1 or -1) or up and down (0)."""
    found: list[Turn] = []
    at_s = 6.0
    for number, (angle, length_s) in enumerate((a, s) for a in degrees for s in lengths_s):
        span, vertical = Span(at_s, at_s + length_s), angle * (-1) ** number
        found.append(Turn(span, side * angle, 0.0 if side else vertical))
        at_s = span.end_s + 3.0
    return tuple(found)


def _eased(span: Span, time_s: float) -> float:
    """0 to 1 and back, half way at the span's ends."""
    inside_s = min(time_s - span.start_s, span.end_s - time_s) + TURN_S / 2
    share = min(1.0, max(0.0, inside_s / TURN_S))
    return share * share * (3 - 2 * share)


def _lids(time_s: float, blink: Span) -> float:
    """Down in the first 35 %, shut for 25 %, up in the rest: lids fall faster than they rise."""
    share = (time_s - blink.start_s) / blink.duration_s
    return min(1.0, share / 0.35, (1 - share) / 0.40) if 0 <= share <= 1 else 0.0


def _glance(time_s: float) -> float:
    """Small steps of the eyes, a new place every 0.7 seconds, -1 to 1."""
    return float(np.random.default_rng(int(time_s / 0.7)).uniform(-1, 1))


def _along(time_s: float) -> float:
    """Where the eyes are on the line, -0.5 to 0.5, in small steps."""
    return time_s % LINE_S // FIXATION_S * FIXATION_S / LINE_S - 0.5
