"""From a pass's series to timeline, events, stills and result. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from servicekit.wire import Model
from services.vision.eyes.blinks import blinks
from services.vision.eyes.gaze import Looking, eye_contact_ratio, looking, looks_away
from services.vision.eyes.reading import reading_events
from services.vision.faces.calibration import expression, head_movement_intensity
from services.vision.faces.identities import change_events, typical
from services.vision.faces.photographs import photograph_events
from services.vision.faces.presence import absences, face_counts, second_faces
from services.vision.faces.screening import gaze_stability, screening
from services.vision.model import EVERYTHING, Counts, Event, EventKind, Scope, VisionEvent, VisionResult
from services.vision.picture.camera import camera_events, quality_events
from services.vision.picture.holes import outside, pictured_share
from services.vision.picture.loops import loop_events
from services.vision.picture.stills import StillShelf, stills
from services.vision.series import Series
from services.vision.settings import Limits
from services.vision.timeline import chunks, timeline

IN_SERIES: tuple[Callable[[Series, Limits], list[VisionEvent]], ...] = (
    blinks,
    absences,
    second_faces,
    camera_events,
    quality_events,
    photograph_events,
    loop_events,
    change_events,
)
IN_LOOKING: tuple[Callable[[Looking, Limits], list[VisionEvent]], ...] = (looks_away, reading_events)
"""All that can happen: what is found in the series, and in where head and eyes point."""
EXPRESSIVE = (blinks, reading_events)
"""What is left undone where no expression may be measured."""

RATE_MIN_VISIBLE_S = 5.0
"""Visible face time under which no blink rate is given."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything derived from the series."""

    series: Series
    counts: Counts
    """Faces, shape (n,)."""
    seen: Looking
    events: list[VisionEvent]
    scope: Scope


def findings(series: Series, limits: Limits, scope: Scope = EVERYTHING) -> Findings:
    """Work out what happened; what may not be measured is not looked for."""
    seen, left_out = looking(series, limits), () if scope.expression else EXPRESSIVE
    events = [event for find in IN_SERIES if find not in left_out for event in find(series, limits)]
    events += [event for find in IN_LOOKING if find not in left_out for event in find(seen, limits)]
    events = [part for event in events for part in outside(event, series.video.missing)]
    ordered = sorted(events, key=lambda event: (event.span.start_s, event.kind))
    return Findings(series, face_counts(series, limits), seen, ordered, scope)


def outputs(found: Findings, shelf: StillShelf, limits: Limits, models: tuple[Model, ...]) -> Iterator[Event]:
    """The stream after the pass: timeline, each event followed by its still, result."""
    rows = timeline(found.series, found.counts, found.seen)
    if not found.scope.expression:
        rows = replace(rows, eye_aspect_ratio=np.full(len(rows.offset_s), np.nan))
    yield from chunks(rows)
    pictures = stills(found.events, shelf, limits.stills_max)
    for index, event in enumerate(found.events):
        yield event
        if index in pictures:
            yield pictures[index]
    yield replace(result(found, limits), models=models)


def result(found: Findings, limits: Limits) -> VisionResult:
    """What holds for the whole video."""
    series, video, expressive = found.series, found.series.video, found.scope.expression
    blink_count = sum(event.kind is EventKind.BLINK for event in found.events)
    visible_s = float(found.seen.weight_s[series.faces.present].sum())
    face = typical(series.identities)
    pictured = pictured_share(video.missing, video.duration_s)
    return VisionResult(
        frame_count=video.frame_count,
        analyzed_frame_count=len(series.faces.offset_s),
        duration_s=video.duration_s,
        frame_rate_hz=video.frame_rate_hz,
        width_px=video.width_px,
        height_px=video.height_px,
        face_present_ratio=pictured * float((found.counts > 0).mean()),
        multiple_faces_ratio=pictured * float((found.counts > 1).mean()),
        blink_count=blink_count,
        blink_rate_per_minute=60 * blink_count / visible_s if expressive and visible_s >= RATE_MIN_VISIBLE_S else None,
        eye_contact_ratio=eye_contact_ratio(found.seen) if expressive else None,
        gaze_stability=gaze_stability(series, limits) if expressive else None,
        head_movement_intensity=head_movement_intensity(series.faces) if expressive else None,
        expression=expression(series, limits) if expressive else None,
        screening=screening(series, limits),
        face_descriptor=() if face is None else tuple(face.tolist()),
        described_looks=len(series.identities.offset_s),
        missing=video.missing,
    )
