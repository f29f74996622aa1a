"""From a pass's series to timeline, events, stills and summary. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.vision.blinks import Eyes, blinks, open_level
from services.vision.calibration import expression, head_movement_intensity
from services.vision.camera import camera_events, quality_events
from services.vision.identities import change_events
from services.vision.looking import Head, Looking, eye_contact_ratio, looking, looks_away
from services.vision.loops import loop_events
from services.vision.model import EVERYTHING, Event, EventKind, Floats, Limits, Output, Scope, Summary
from services.vision.photographs import photograph_events
from services.vision.presence import absences, face_counts, second_faces
from services.vision.reading import reading_events
from services.vision.runs import durations_s
from services.vision.screening import gaze_stability, screening
from services.vision.series import Series
from services.vision.stills import StillShelf, stills
from services.vision.timeline import chunks, timeline

LONGEST_SAMPLE_S = 0.5
"""A sample stands for no more than this, however far its neighbours are."""
EXPRESSIVE = (EventKind.BLINK, EventKind.READING)
RATE_MIN_VISIBLE_S = 5.0
"""Visible face time under which no blink rate is given."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything derived from the series; arrays of shape (n,)."""

    series: Series
    weight_s: Floats
    counts: NDArray[np.int32]
    eyes_open: NDArray[np.bool_]
    seen: Looking
    events: list[Event]
    scope: Scope


def findings(series: Series, limits: Limits, scope: Scope = EVERYTHING) -> Findings:
    """Work out what happened, and leave out what may not be measured."""
    weight_s = durations_s(series.offset_s, LONGEST_SAMPLE_S)
    counts = face_counts(series.offset_s, series.present, series.detections, limits.second_face_score)
    level = open_level(series.offset_s, series["eye_aspect_ratio"])
    eyes_open = np.nan_to_num(series["eye_aspect_ratio"] / level, nan=0.0) >= limits.blink_ratio
    head = Head(
        series.offset_s,
        series["yaw_deg"],
        series["pitch_deg"],
        series["gaze_shape"],
        series["gaze_iris"],
        series["gaze_up"],
        eyes_open,
    )
    seen = looking(head, weight_s)
    events = _events(series, counts, level, seen, limits)
    allowed = [e for e in events if scope.expression or e.kind not in EXPRESSIVE]
    return Findings(series, weight_s, counts, eyes_open, seen, allowed, scope)


def outputs(found: Findings, shelf: StillShelf, limits: Limits) -> Iterator[Output]:
    """The stream after the pass: timeline, each event followed by its still, summary."""
    rows = timeline(found.series, found.counts, found.seen)
    if not found.scope.expression:
        rows = replace(rows, eye_aspect_ratio=np.full(len(rows.offset_s), np.nan))
    yield from chunks(rows)
    pictures = stills(found.events, shelf, limits.stills_max)
    for index, event in enumerate(found.events):
        yield event
        if index in pictures:
            yield pictures[index]
    yield summary(found, limits)


def summary(found: Findings, limits: Limits) -> Summary:
    """What holds for the whole video."""
    series, video = found.series, found.series.video
    blink_count = sum(event.kind is EventKind.BLINK for event in found.events)
    visible_s = float(found.weight_s[series.present].sum())
    gaze_ratio = np.where(found.eyes_open, series["gaze_ratio"], np.nan)  # closed eyes have no gaze
    typical, expressive = series.identities.typical, found.scope.expression
    return Summary(
        frame_count=video.frame_count,
        analyzed_frame_count=len(series.offset_s),
        duration_s=video.duration_s,
        frame_rate_hz=video.frame_rate_hz,
        width_px=video.width_px,
        height_px=video.height_px,
        face_present_ratio=float((found.counts > 0).mean()),
        multiple_faces_ratio=float((found.counts > 1).mean()),
        blink_count=blink_count,
        blink_rate_per_minute=60 * blink_count / visible_s if expressive and visible_s >= RATE_MIN_VISIBLE_S else None,
        eye_contact_ratio=eye_contact_ratio(found.seen, found.weight_s) if expressive else None,
        gaze_stability=gaze_stability(gaze_ratio) if expressive else None,
        head_movement_intensity=head_movement_intensity(
            series.offset_s, series["yaw_deg"], series["pitch_deg"], series["roll_deg"]
        )
        if expressive
        else None,
        expression=expression(series["mouth_width"], series["brow_height"], limits.calibration_frames)
        if expressive
        else None,
        screening=screening(gaze_ratio, series["head_ratio"], found.counts, series.detections.main_score, limits),
        face_descriptor=() if typical is None else tuple(typical.tolist()),
        described_looks=len(series.identities.offset_s),
    )


def _events(series: Series, counts: NDArray[np.int32], level: Floats, seen: Looking, limits: Limits) -> list[Event]:
    end_s, times = series.video.duration_s, series.offset_s
    open_share = series["eye_aspect_ratio"] / level
    eyes = Eyes(times, series["eye_aspect_ratio"], series["yaw_deg"])
    found = [
        *blinks(eyes, level, ratio=limits.blink_ratio, frame_rate_hz=series.video.frame_rate_hz),
        *looks_away(seen, min_s=limits.looking_away_min_s, end_s=end_s),
        *absences(times, counts, min_s=limits.face_absent_min_s, end_s=end_s),
        *second_faces(
            series.detections, sure_score=limits.second_face_score, min_s=limits.second_face_min_s, end_s=end_s
        ),
        *camera_events(
            series.camera,
            black_min_s=limits.camera_black_min_s,
            frozen_min_s=limits.camera_frozen_min_s,
            end_s=end_s,
        ),
        *quality_events(
            series.camera,
            series.detections,
            series.frames_per_second,
            min_s=limits.camera_quality_min_s,
            end_s=end_s,
        ),
        *photograph_events(
            times,
            open_share,
            series["mouth_opening"],
            series["gaze_shape"],
            min_s=limits.camera_photograph_min_s,
            end_s=end_s,
        ),
        *reading_events(times, seen.gaze_horizontal_deg),
        *loop_events(*series.prints, min_s=limits.camera_loop_min_s),
        *change_events(series.identities, end_s),
    ]
    return sorted(found, key=lambda event: (event.span.start_s, event.kind))
