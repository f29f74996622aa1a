"""Where head and eyes point, and when they leave the camera.

The head is measured against the camera: it counts as towards it within a few degrees, which leaves room for cameras
above the screen and for how people hold their heads. The eyes in it are measured against the person's own baseline,
since squints, glasses and shapes of eyes read as another direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.vision.faces.geometry import GAZE_IRIS_DEG, GAZE_LIMIT_DEG, GAZE_SHAPE_DEG
from services.vision.model import Direction, EventKind, Flags, Floats, VisionEvent
from services.vision.runs import Run, durations_s, hysteresis_runs, span, windowed
from services.vision.series import Series
from services.vision.settings import Limits

# Found on development recordings with known turns, checked on others. Webcam gaze is only good to 4 to 10 degrees.
DENSITY_DEG, GRID_LIMIT_DEG, GRID_STEP_DEG, DENSITY_REACH = 3.0, 60.0, 0.5, 4.0
"""Width of the density of angles, which are measured to 2 or 3 degrees, how far and how finely it is worked out, and
after how many widths it ends."""
PRIOR_YAW_DEG, PRIOR_PITCH_DEG = 15.0, 12.0
"""Spread of the prior around the camera."""
MOST_YAW_DEG, MOST_PITCH_DEG = 8.0, 12.0
"""How far from the camera the usual direction may be: cameras stand above, beside or under the screen, and faces read
as turned by a few degrees when they are not. Who looks further aside all the time does not look at the camera."""
NEAR_BASELINE_DEG = 8.0
"""With the head so close to the usual direction the eyes are where they usually are."""
GAZE_WINDOW_S, HEAD_WINDOW_S = 0.4, 0.2
"""Medians over these times: gaze is noisier than the head's angles."""
HOLD_S = 0.6
"""The longest blink."""
GAZE_UP_DEG = 30.0
"""Degrees for a change of 1 in the vertical eyeLook blendshapes."""
YAW_LIMIT_DEG, UP_LIMIT_DEG, DOWN_LIMIT_DEG, GAZE_TOTAL_LIMIT_DEG = 14.0, 14.0, 14.0, 28.0
"""Head turns count from 14 measured degrees on: of a true turn by 20 degrees 15 to 18 are measured."""
ENTER, LEAVE, LEAVE_FOR_S = 1.0, 0.7, 0.4
"""Scores from which a look begins and under which it ends, if for so long: else it would flicker."""
COMPENSATED = 0.5
"""Eyes that turn back at least this share of the head's turn may keep looking at the screen: the look is less certain.
It still counts, since the eyes of a turned head read as turned back even when they are not."""
HEAD_CONFIDENCE, GAZE_CONFIDENCE = 0.9, 0.6
"""Upper ends of the confidence with and without a turned head: eyes alone are weak evidence. Not calibrated."""


LONGEST_SAMPLE_S = 0.5
"""A sample stands for no more than this, however far its neighbours are."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Turns from the camera and gaze in the head in degrees, and `score`, over 1 away; each of shape (n,)."""

    offset_s: Floats
    weight_s: Floats
    """How long each sample lasts."""
    end_s: float
    """The video's end."""
    yaw_deg: Floats
    pitch_deg: Floats
    gaze_horizontal_deg: Floats
    gaze_vertical_deg: Floats
    score: Floats


def looking(series: Series, limits: Limits) -> Looking:
    """Follow the head and the eyes."""
    faces, eyes_open = series.faces, series.eyes_open(limits)
    weight_s = durations_s(faces.offset_s, LONGEST_SAMPLE_S)
    yaw, pitch = _smooth(faces.offset_s, faces.yaw_deg), _smooth(faces.offset_s, faces.pitch_deg)
    turn = yaw - baseline(yaw, weight_s, PRIOR_YAW_DEG, MOST_YAW_DEG)
    raised = pitch - baseline(pitch, weight_s, PRIOR_PITCH_DEG, MOST_PITCH_DEG)
    near = (np.hypot(turn, raised) < NEAR_BASELINE_DEG) & eyes_open
    horizontal = GAZE_SHAPE_DEG * _delta(faces.gaze_shape, near) + GAZE_IRIS_DEG * _delta(faces.gaze_iris, near)
    across = _steady(faces.offset_s, np.clip(horizontal, -GAZE_LIMIT_DEG, GAZE_LIMIT_DEG), eyes_open)
    up = _steady(faces.offset_s, GAZE_UP_DEG * _delta(faces.gaze_up, near), eyes_open)
    return Looking(
        offset_s=faces.offset_s,
        weight_s=weight_s,
        end_s=series.video.duration_s,
        yaw_deg=turn,
        pitch_deg=raised,
        gaze_horizontal_deg=across,
        gaze_vertical_deg=up,
        score=away_score(turn, raised, across, up),
    )


def baseline(angle_deg: Floats, weight_s: Floats, prior_deg: float, most_deg: float) -> float:
    """The direction of the camera as the head has it: the most frequent angle at most `most_deg` from 0.

    Mode of a Gaussian density of 3 degrees times the prior. Where the head is never so close, the near end of that
    range on the side of its usual angle; 0 without samples.
    """
    known = ~np.isnan(angle_deg)
    if not known.any():
        return 0.0
    grid = np.arange(-GRID_LIMIT_DEG, GRID_LIMIT_DEG + GRID_STEP_DEG, GRID_STEP_DEG)
    edges = np.append(grid, grid[-1] + GRID_STEP_DEG) - GRID_STEP_DEG / 2
    counts, _ = np.histogram(angle_deg[known], edges, weights=weight_s[known])
    far_deg = DENSITY_REACH * DENSITY_DEG
    reach = np.arange(-far_deg, far_deg + GRID_STEP_DEG, GRID_STEP_DEG)
    density = np.convolve(counts, np.exp(-0.5 * (reach / DENSITY_DEG) ** 2), mode="same")
    likely = density * np.exp(-0.5 * (grid / prior_deg) ** 2)
    towards = np.abs(grid) <= most_deg
    if not counts[towards].any():
        return float(np.clip(grid[np.argmax(likely)], -most_deg, most_deg))
    return float(grid[np.argmax(np.where(towards, likely, -1.0))])


def away_score(turn: Floats, raised: Floats, across: Floats, up: Floats) -> Floats:
    """How far head or eyes are off the camera: over 1 is away. NaN without a face."""
    across, up = np.nan_to_num(across), np.nan_to_num(up)
    parts = [
        np.abs(turn) / YAW_LIMIT_DEG,
        np.where(raised > 0, raised / UP_LIMIT_DEG, -raised / DOWN_LIMIT_DEG),
        np.abs(turn + across) / GAZE_TOTAL_LIMIT_DEG,
        np.abs(raised + up) / GAZE_TOTAL_LIMIT_DEG,
    ]
    return np.asarray(np.where(np.isnan(turn), np.nan, np.max(parts, axis=0)), np.float64)


def looks_away(seen: Looking, limits: Limits) -> list[VisionEvent]:
    """Looks away, with hysteresis."""
    found = hysteresis_runs(seen.offset_s, seen.score, enter=ENTER, leave=LEAVE, leave_for_s=LEAVE_FOR_S)
    events = [_event(seen, run) for run in found]
    return [event for event in events if event.span.duration_s >= limits.looking_away_min_s]


def eye_contact_ratio(seen: Looking) -> float | None:
    """Share of the visible time in which head and eyes are towards the camera; None without a face."""
    known = ~np.isnan(seen.score)
    visible_s = seen.weight_s[known].sum()
    return float(seen.weight_s[known & (seen.score < LEAVE)].sum() / visible_s) if visible_s > 0 else None


def _event(seen: Looking, run: Run) -> VisionEvent:
    peak = run.first + int(np.nanargmax(seen.score[run.samples]))
    direction, strength_deg = _pointing(seen, peak)
    ceiling = HEAD_CONFIDENCE if _head_turned(seen, run) else GAZE_CONFIDENCE
    margin = float(np.nanmean(seen.score[run.samples])) - LEAVE
    confidence = ceiling * float(np.clip(0.5 + margin / (2 * LEAVE), 0.0, 1.0))
    when = span(run, seen.offset_s, seen.end_s)
    return VisionEvent(EventKind.LOOKING_AWAY, when, float(seen.offset_s[peak]), strength_deg, confidence, direction)


def _head_turned(seen: Looking, run: Run) -> bool:
    """Whether the head itself leaves its range, and the eyes do not turn back."""
    turn, raised, across = (
        float(np.nanmedian(angle[run.samples]))
        for angle in (seen.yaw_deg, seen.pitch_deg, np.nan_to_num(seen.gaze_horizontal_deg))
    )
    if abs(raised) > DOWN_LIMIT_DEG:
        return True
    return abs(turn) > YAW_LIMIT_DEG and -across * np.sign(turn) < COMPENSATED * abs(turn)


def _pointing(seen: Looking, at: int) -> tuple[Direction, float]:
    across = _together(seen.yaw_deg[at], seen.gaze_horizontal_deg[at], YAW_LIMIT_DEG)
    up = _together(seen.pitch_deg[at], seen.gaze_vertical_deg[at], DOWN_LIMIT_DEG)
    if abs(across) / YAW_LIMIT_DEG >= abs(up) / DOWN_LIMIT_DEG:
        return (Direction.LEFT if across > 0 else Direction.RIGHT), abs(across)
    return (Direction.UP if up > 0 else Direction.DOWN), abs(up)


def _together(head_deg: float, eyes_deg: float, limit_deg: float) -> float:
    """Head and eyes in degrees; eyes that turn against a turned head say little."""
    eyes = float(np.nan_to_num(eyes_deg))
    if abs(head_deg) >= limit_deg and eyes * head_deg < 0:
        return float(head_deg)
    return max(float(head_deg), head_deg + eyes, key=abs)


def _smooth(offset_s: Floats, angle_deg: Floats) -> Floats:
    return np.where(np.isnan(angle_deg), np.nan, windowed(offset_s, angle_deg, HEAD_WINDOW_S))


def _delta(values: Floats, near: Flags) -> Floats:
    reference = values[near] if near.any() else values[~np.isnan(values)]
    return np.asarray(values - np.median(reference)) if reference.size else values


def _steady(offset_s: Floats, gaze_deg: Floats, eyes_open: Flags) -> Floats:
    """Median over 0.4 s; through a blink the last gaze is held, in eyes closed for longer it is unknown."""
    known = eyes_open & ~np.isnan(gaze_deg)
    smooth = windowed(offset_s, np.where(known, gaze_deg, np.nan), GAZE_WINDOW_S)
    last = np.maximum.accumulate(np.where(np.isnan(smooth), -1, np.arange(len(smooth))))
    fresh = (last >= 0) & (offset_s - offset_s[last] <= HOLD_S)
    held = np.where(fresh, smooth[last], np.nan)
    return np.where(np.isnan(gaze_deg), np.nan, held)
