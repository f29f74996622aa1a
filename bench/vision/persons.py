"""Whether one person is recognised in several clips, two are told apart, and a change of person is found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.vision.acts import Act, random_blinks
from bench.vision.clips import noisy, steady
from bench.vision.looking import HONEST_S
from bench.vision.material import Material
from bench.vision.row import Row
from bench.vision.watching import watched
from scripts.make_sample.portrait import Picture
from servicekit.wire import Span
from services.vision.faces.identities import DIFFERENT
from services.vision.model import EventKind, VisionAnalyzer

CHANGED_S, CHANGE_AT_S, MOST_OFF_S = 50.0, 25.0, 10.0
STAND_IN_S, STAND_IN = 75.0, Span(30.0, 45.0)
LOW_RATE_HZ = 5.0
"""Faces are described seconds apart: more frames show nothing more."""
ONE_PERSON = ("single_face.mp4", "WolfgangLanger_Pexels.mp4")


def rows(material: Material, model: VisionAnalyzer) -> Iterator[Row]:
    """Distances, changes, and clips without any."""
    faces = list(material.puppets)
    clips = {
        face: [
            material.performed("honest", face, Act(HONEST_S, random_blinks(HONEST_S, 50 + number))),
            material.performed("short", face, Act(12.0, random_blinks(12.0, 95))),
        ]
        for number, face in enumerate(faces)
    }
    found = {
        face: [np.array(watched(model, path).summary.face_descriptor) for path in own] for face, own in clips.items()
    }
    same = [float(np.linalg.norm(a - b)) for own in found.values() for a, b in combinations(own, 2)]
    other = [float(np.linalg.norm(found[a][0] - found[b][0])) for a, b in combinations(faces, 2)]
    met = max(same) < DIFFERENT and min(other, default=1.0) > DIFFERENT
    yield Row(
        "faces: one person in two clips, two persons",
        f"{_span(same)}; {_span(other)}",
        f"apart at {DIFFERENT}",
        "",
        met,
    )
    if len(faces) > 1:
        yield _changes(material, model, faces)
        yield _stand_ins(material, model, faces)
    yield _unchanged(material, model, [path for own in clips.values() for path in own])


def _changes(material: Material, model: VisionAnalyzer, faces: list[str]) -> Row:
    hits = []
    for first, second in zip(faces, faces[1:] + faces[:1], strict=True):
        events = watched(model, _changed(material, first, second)).spans(EventKind.PERSON_CHANGED)
        hits.append(len(events) == 1 and abs(events[0].start_s - CHANGE_AT_S) <= MOST_OFF_S)
    return Row(
        "another person from the middle on",
        f"{sum(hits)} of {len(hits)} within {MOST_OFF_S:.0f} s",
        "all",
        "",
        all(hits),
    )


def _stand_ins(material: Material, model: VisionAnalyzer, faces: list[str]) -> Row:
    hits = []
    for first, second in zip(faces, faces[1:] + faces[:1], strict=True):
        path = _shown(material, f"stays-{first}-{second}", (first, second), STAND_IN_S, STAND_IN)
        events = watched(model, path).spans(EventKind.PERSON_CHANGED)
        ends = ((events[0].start_s, STAND_IN.start_s), (events[0].end_s, STAND_IN.end_s)) if events else ()
        hits.append(len(events) == 1 and all(abs(found - true) <= MOST_OFF_S for found, true in ends))
    what = f"another person for {STAND_IN.duration_s:.0f} s in the middle"
    return Row(what, f"{sum(hits)} of {len(hits)} with both ends within {MOST_OFF_S:.0f} s", "all", "", all(hits))


def _unchanged(material: Material, model: VisionAnalyzer, paths: list[Path]) -> Row:
    if material.data is not None:
        paths = paths + [material.data / "faces/clips" / name for name in ONE_PERSON]
    false = [path.stem for path in paths if watched(model, path).spans(EventKind.PERSON_CHANGED)]
    return Row(
        "clips of one person with a change", f"{len(false)} of {len(paths)} {' '.join(false)}", "0", "", not false
    )


def _changed(material: Material, first: str, second: str) -> Path:
    return _shown(material, f"goes-{first}-{second}", (first, second), CHANGED_S, Span(CHANGE_AT_S, CHANGED_S))


def _shown(material: Material, name: str, faces: tuple[str, str], duration_s: float, other: Span) -> Path:
    """A clip of the first face, with the second one in it for a while."""
    times_s, act = steady(duration_s, LOW_RATE_HZ), Act(duration_s, random_blinks(duration_s, 96))

    def pictures() -> Iterator[Picture]:
        for time_s in times_s:
            face = faces[other.start_s <= time_s < other.end_s]
            yield noisy(material.puppets[face].posed(*act.pose(time_s)), round(1000 * time_s))

    return material.made(name, times_s, pictures)


def _span(distances: list[float]) -> str:
    return f"{min(distances):.2f} to {max(distances):.2f}" if distances else "-"
