"""Findings in the picture: second faces, absence, looks away, reading, the camera, another person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestrator.evidence import Vision, VisionEvent
from orchestrator.fusion.findings.finding import Finding, Severity, shared_s
from orchestrator.fusion.findings.identity import FACE_LIMIT
from servicekit.wire import Span

SECOND_FACE_S = 0.5
SECOND_FACE_SERIOUS_S = 2.0
FACE_ABSENT_S = 1.0
FACE_ABSENT_REVIEW_RATIO = 0.10
LOOKING_AWAY_S = 2.0
GAZE_STRONG_DEG, GAZE_LONG_S, GAZE_REPEATED = 20.0, 4.0, 3
GAZE_SPOKEN_SHARE = 0.5
"""Gaze is information. Only looks of so many degrees and seconds, so often in one direction, for so much of each while
the candidate speaks, are for review; even those count in no verdict and no proposal."""
DWELL_RATIO = 0.10
"""A direction with this share of the answer is named."""
GAZE_REPORTED, GAZE_FALSE = 16, 1
"""Looks away reported in the composed sessions of docs/measurements/fusion.md, and how many of them were none."""
PHOTOGRAPH_SPOKEN_S = 3.0
"""Who listens without a word or a glance is as still as a photograph; one that seems to speak for so long is not."""
CAMERA_S = 2.0
READING_S = 5.0
FACE_SURE_MARGIN = 0.4


def second_faces(vision: Vision) -> Iterator[Finding]:
    """Other people in the picture."""
    for event in _events(vision, "second_face", SECOND_FACE_S):
        serious = event.span.duration_s >= SECOND_FACE_SERIOUS_S
        yield _from_event(
            event,
            "serious" if serious else "review",
            f"{event.strength:.0f} faces are in the picture for {event.span.duration_s:.1f} s.",
            "A family member passing, a picture or a screen in the background.",
        )


def absences(vision: Vision) -> Iterator[Finding]:
    """Nobody in the picture."""
    events = list(_events(vision, "face_absent", FACE_ABSENT_S))
    ratio = sum(e.span.duration_s for e in events) / vision.duration_s if vision.duration_s else 0.0
    for event in events:
        yield _from_event(
            event,
            "review" if ratio >= FACE_ABSENT_REVIEW_RATIO else "info",
            f"No face is in the picture for {event.span.duration_s:.1f} s.",
            "Leaning out of the picture, poor light, a hand in front of the face.",
        )


def looks_away(vision: Vision, speech: Sequence[Span]) -> Iterator[Finding]:
    """Head or eyes turned away, with the share of each direction; `speech` is the candidate's."""
    events = list(_events(vision, "looking_away", LOOKING_AWAY_S))
    for event in events:
        alike = [e for e in events if e.direction == event.direction]
        counting = [e for e in alike if _strong(e, speech)]
        towards = f" {event.direction}" if event.direction else ""
        yield _from_event(
            event,
            "review" if event in counting and len(counting) >= GAZE_REPEATED else "info",
            f"Head or eyes are turned{towards} by about {event.strength:.0f} degrees for {event.span.duration_s:.1f} s"
            f"{_dwelling(alike, vision)}. Of {GAZE_REPORTED} such findings in test recordings {GAZE_FALSE} was false; "
            "gaze alone counts in no verdict.",
            "Looking away while thinking is normal, and so is a way of holding the head; a second screen or notes may "
            "be allowed.",
        )


def _strong(event: VisionEvent, speech: Sequence[Span]) -> bool:
    """Far, long, and mostly while the candidate speaks."""
    length_s = event.span.duration_s
    far = event.strength >= GAZE_STRONG_DEG and length_s >= GAZE_LONG_S
    return far and shared_s(event.span, speech) >= GAZE_SPOKEN_SHARE * length_s


def _dwelling(events: Sequence[VisionEvent], vision: Vision) -> str:
    """How much of the answer a direction has, where that is much."""
    share = sum(e.span.duration_s for e in events) / vision.duration_s if vision.duration_s else 0.0
    if share < DWELL_RATIO:
        return ""
    times = f" in {len(events)} looks" if len(events) > 1 else ""
    return f"; {share:.0%} of the answer{times} goes that way{_PLACES.get(events[0].direction, '')}"


_PLACES = {
    "left": ", as to a second screen",
    "right": ", as to a second screen",
    "down": ", as to notes or a telephone",
}


def readings(vision: Vision) -> Iterator[Finding]:
    """Eyes going along lines."""
    for event in _events(vision, "reading", READING_S):
        yield _from_event(
            event,
            "info",
            f"The eyes go along {event.strength:.0f} lines in a row, as in reading.",
            "Webcams measure gaze poorly; reading the question or allowed notes looks the same.",
        )


def camera(vision: Vision, speech: Sequence[Span]) -> Iterator[Finding]:
    """What the camera does. A face as still as a photograph is one only where it seems to speak: in its `speech`."""
    for kind, (severity, what, innocent) in _CAMERA.items():
        for event in _events(vision, kind, CAMERA_S):
            if kind == "camera_photograph" and shared_s(event.span, speech) < PHOTOGRAPH_SPOKEN_S:
                continue
            yield _from_event(event, severity, f"{what} for {event.span.duration_s:.1f} s.", innocent)


_CAMERA: dict[str, tuple[Severity, str, str]] = {
    "camera_black": (
        "review",
        "The picture is black",
        "A covered or failing camera, a slow connection, energy saving.",
    ),
    "camera_frozen": (
        "review",
        "The picture is frozen",
        "A covered or failing camera, a slow connection, energy saving.",
    ),
    "camera_photograph": (
        "review",
        "The face moves only as a whole, like a photograph, while a voice is heard,",
        "A poor picture, a mask, a voice that is not the candidate's.",
    ),
    "camera_looped": (
        "review",
        "The picture repeats an earlier part of the video",
        "A recording that was edited or repaired, a program that fills gaps.",
    ),
    "camera_dark": ("info", "The picture is very dark", "Poor light or a weak camera."),
    "camera_blurred": (
        "info",
        "The face is strongly blurred",
        "The focus, movement, a filter, a slow connection.",
    ),
    "camera_far": ("info", "The face is too small to be measured well", "The person sits far from the camera."),
    "camera_slow": ("info", "The frame rate drops", "A slow computer or connection."),
}
"""Severity, what is seen and an innocent explanation of what the camera does."""


def changes_of_person(vision: Vision) -> Iterator[Finding]:
    """Another person than at the beginning."""
    for event in _events(vision, "person_changed", 0.0):
        yield _from_event(
            event,
            "review",
            f"Somebody other than at the beginning seems to be in the picture for {event.span.duration_s:.0f} s "
            f"(distance of the faces {event.strength:.2f}).",
            "A sudden change of light, glasses or a mask put on or off.",
        )


def unlike_face(distance: float, duration_s: float) -> Finding:
    """A face unlike that of the other answers."""
    return Finding(
        "face_differs",
        0.0,
        duration_s,
        strength=round(distance, 2),
        confidence=round(min(1.0, 0.5 + (distance - FACE_LIMIT) / FACE_SURE_MARGIN), 2),
        severity="review",
        explanation=f"The face differs from that in the other answers (distance {distance:.2f}; under 0.6 is usual).",
        innocent_explanation="Very different light, glasses or a mask, a face that is small or turned.",
    )


def _events(vision: Vision, kind: str, shortest_s: float) -> Iterator[VisionEvent]:
    return (e for e in vision.events if e.type == kind and e.span.duration_s >= shortest_s)


def _from_event(event: VisionEvent, severity: Severity, explanation: str, innocent: str) -> Finding:
    return Finding(
        event.type,
        event.span.start_s,
        event.span.end_s,
        strength=round(event.strength, 2),
        confidence=event.confidence,
        severity=severity,
        explanation=explanation,
        innocent_explanation=innocent,
        still=event.still,
    )
