"""Findings in the picture: second faces, absence, looks away, reading, the camera, another person."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator.evidence import Vision, VisionEvent
from orchestrator.fusion.findings.finding import Finding, Severity
from orchestrator.fusion.findings.identity import FACE_LIMIT

SECOND_FACE_S = 0.5
SECOND_FACE_SERIOUS_S = 2.0
FACE_ABSENT_S = 1.0
FACE_ABSENT_REVIEW_RATIO = 0.10
LOOKING_AWAY_S = 2.0
LOOKING_AWAY_REVIEW_RUN_S = 4.0
LOOKING_AWAY_REVIEW_RUNS = 3
LOOKING_AWAY_REVIEW_RATIO = 0.12
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
            "Leaning out of the picture, poor light, a hand before the face.",
        )


def looks_away(vision: Vision) -> Iterator[Finding]:
    """Head or eyes turned away."""
    events = list(_events(vision, "looking_away", LOOKING_AWAY_S))
    total_s = sum(e.span.duration_s for e in events)
    review = len(events) >= LOOKING_AWAY_REVIEW_RUNS or (
        vision.duration_s > 0 and total_s / vision.duration_s >= LOOKING_AWAY_REVIEW_RATIO
    )
    for event in events:
        long = event.span.duration_s >= LOOKING_AWAY_REVIEW_RUN_S
        towards = f" {event.direction}" if event.direction else ""
        yield _from_event(
            event,
            "review" if review or long else "info",
            f"Head or eyes are turned{towards} by about {event.strength:.0f} degrees for "
            f"{event.span.duration_s:.1f} s.",
            "Looking away while thinking is normal; a second screen or notes may be allowed.",
        )


def readings(vision: Vision) -> Iterator[Finding]:
    """Eyes going along lines."""
    for event in _events(vision, "reading", READING_S):
        yield _from_event(
            event,
            "info",
            f"The eyes go along {event.strength:.0f} lines in a row, as in reading.",
            "Gaze is measured badly by webcams; reading the question or allowed notes looks the same.",
        )


def camera(vision: Vision) -> Iterator[Finding]:
    """What the camera does."""
    for kind, (severity, what, innocent) in _CAMERA.items():
        for event in _events(vision, kind, CAMERA_S):
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
        "The face moves as a whole only, as a photograph does,",
        "Someone who listens without a word or a glance, a poor picture, a mask.",
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
    """Another person from some moment on."""
    for event in _events(vision, "person_changed", 0.0):
        yield _from_event(
            event,
            "review",
            f"Another person seems to be in the picture from here on (distance of the faces {event.strength:.2f}).",
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
        explanation=f"The face is unlike that of the other answers (distance {distance:.2f}; under 0.6 is usual).",
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
