"""Looks away with known turns, honest clips without any, and head angles of turned photographs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from bench.vision.acts import Act, Turn, random_blinks, turns
from bench.vision.clips import noisy, steady
from bench.vision.faces import photograph
from bench.vision.material import Material
from bench.vision.row import Row
from bench.vision.scores import matched
from bench.vision.watching import Watched, watched
from scripts.make_sample.portrait import Picture
from servicekit.wire import Span
from services.vision.model import EventKind, VisionAnalyzer

DEGREES, UP_DEGREES, LENGTHS_S = (5.0, 10.0, 20.0, 30.0, 40.0), (5.0, 20.0, 30.0), (0.5, 1.5, 4.0)
LEAST_DEG, LEAST_S, MOST_EDGE_S, MOST_ANGLE_DEG = 20.0, 1.5, 0.3, 8.0
QUIET_DEG = 10.0
"""Turns up to this angle are natural."""
TURNED_FACES = 2
HONEST_S, READING_S = 40.0, 25.0
ASIDE_DEG, ASIDE_S, ASIDE_STARTS_S, ASIDE_LASTS_S = (25.0, -25.0), 42.0, (2.0, 12.0, 22.0, 32.0), 8.0
MOST_CONTACT_OFF = 0.10
"""A second screen: four looks of eight seconds to one side, glances at the camera between them."""
HONEST_CLIPS = ("single_face.mp4",)
"""In the other clips people turn away."""
STILLS = (("0-f1-su-ph.jpg", 0.0), ("15-f13-anc-ph.jpg", 15.0), ("45-m7-di-ph.jpg", 45.0))


@dataclass(slots=True)
class Tally:
    """Turns found by their angle, false runs, errors of the ends in seconds."""

    found: dict[float, list[bool]] = field(default_factory=dict)
    false: int = 0
    edges_s: list[float] = field(default_factory=list)
    directions: list[bool] = field(default_factory=list)

    def add(self, truth: tuple[Turn, ...], seen: Watched) -> None:
        """Compare one clip."""
        events = [event for event in seen.events if event.kind is EventKind.LOOKING_AWAY]
        pairs = dict(matched([turn.span for turn in truth], [event.span for event in events], slack_s=0.0))
        for i, turn in enumerate(truth):
            if turn.span.duration_s >= LEAST_S:
                self.found.setdefault(turn.degrees, []).append(i in pairs)
            if i not in pairs:
                continue
            if turn.degrees <= QUIET_DEG:
                self.false += 1
                continue
            event = events[pairs[i]]
            ends = (event.span.start_s - turn.span.start_s, event.span.end_s - turn.span.end_s)
            self.edges_s += [abs(end) for end in ends]
            self.directions.append(event.direction.name == _direction(turn))
        self.false += len(events) - len(pairs)


def rows(material: Material, model: VisionAnalyzer) -> Iterator[Row]:
    """Runs, their ends, honest clips, angles."""
    tally = Tally()
    for face in islice(material.puppets, TURNED_FACES):
        for side, degrees in ((1, DEGREES), (-1, DEGREES), (0, UP_DEGREES)):
            truth = turns(degrees, LENGTHS_S, side)
            act = Act(truth[-1].span.end_s + 3.0, (), truth, liveliness=0.4)
            tally.add(truth, watched(model, material.performed(f"turns-{side}", face, act)))
    yield from _run_rows(tally)
    yield _aside_row(material, model)
    yield _honest_row(material, model)
    yield _reading_row(material, model)
    if material.data is not None:
        yield from (_angle_row(material, model, name, degrees) for name, degrees in STILLS)


def _run_rows(tally: Tally) -> Iterator[Row]:
    wanted = [hit for degrees, hits in tally.found.items() if degrees >= LEAST_DEG for hit in hits]
    by_angle = ", ".join(f"{degrees:.0f}°: {sum(hits)}/{len(hits)}" for degrees, hits in sorted(tally.found.items()))
    yield Row(
        "looks away of 1.5 s and more", by_angle, "all from 20° on", "no times are kept", sum(wanted) == len(wanted)
    )
    yield Row("false looks away in these clips", str(tally.false), "0", "", tally.false == 0)
    edges = np.array(tally.edges_s or [np.nan])
    share = float((edges < MOST_EDGE_S).mean())
    text = f"median {np.median(edges):.2f} s, 90 % under {np.percentile(edges, 90):.2f} s, {share:.0%} under the target"
    yield Row("start and end of looks away", text, f"under {MOST_EDGE_S} s", "", float(np.median(edges)) < MOST_EDGE_S)
    right = sum(tally.directions)
    yield Row("their direction", f"{right} of {len(tally.directions)}", "all", "", right == len(tally.directions))


def _aside_row(material: Material, model: VisionAnalyzer) -> Row:
    """Eye contact of somebody who looks at a second screen most of the time, and where the looks are said to go."""
    contacts, right = [], 0
    for face in islice(material.puppets, TURNED_FACES):
        for degrees in ASIDE_DEG:
            looks = tuple(Turn(Span(at, at + ASIDE_LASTS_S), degrees, 0.0) for at in ASIDE_STARTS_S)
            act = Act(ASIDE_S, random_blinks(ASIDE_S, 80), looks, liveliness=0.4)
            seen = watched(model, material.performed(f"aside-{degrees:.0f}", face, act))
            contacts.append(seen.summary.eye_contact_ratio or 0.0)
            away = [event for event in seen.events if event.kind is EventKind.LOOKING_AWAY]
            right += {event.direction.name for event in away} == {_direction(looks[0])}
    true = 1 - len(ASIDE_STARTS_S) * ASIDE_LASTS_S / ASIDE_S
    off = max(abs(contact - true) for contact in contacts)
    text = f"{min(contacts):.2f} to {max(contacts):.2f}, true {true:.2f}; direction right in {right} of {len(contacts)}"
    met = off <= MOST_CONTACT_OFF and right == len(contacts)
    return Row("eye contact beside a second screen", text, f"within {MOST_CONTACT_OFF:.2f}", "", met)


def _honest_row(material: Material, model: VisionAnalyzer) -> Row:
    paths = [
        material.performed("honest", face, Act(HONEST_S, random_blinks(HONEST_S, 50 + number)))
        for number, face in enumerate(material.puppets)
    ]
    if material.data is not None:
        paths += [material.data / "faces/clips" / name for name in HONEST_CLIPS]
    seen = {path.stem: watched(model, path) for path in paths}
    false = [name for name, each in seen.items() if each.spans(EventKind.LOOKING_AWAY)]
    least = min(each.summary.eye_contact_ratio or 0.0 for each in seen.values())
    text = f"{len(false)} of {len(paths)} {' '.join(false)}, eye contact at least {least:.2f}"
    return Row("honest clips with a look away", text, "0", "", not false)


def _reading_row(material: Material, model: VisionAnalyzer) -> Row:
    """Reading on every face, and whether it is seen in the honest clips."""
    act = Act(READING_S, random_blinks(READING_S, 60), liveliness=0.5, reading=True)
    honest = Act(HONEST_S, random_blinks(HONEST_S, 50))
    found = [
        bool(watched(model, material.performed("reading", face, act)).spans(EventKind.READING))
        for face in material.puppets
    ]
    false = [
        bool(watched(model, material.performed("honest", face, honest)).spans(EventKind.READING))
        for face in material.puppets
    ]
    return Row("reading (weak evidence)", f"{sum(found)} of {len(found)}, false in {sum(false)} of {len(false)}")


def _angle_row(material: Material, model: VisionAnalyzer, name: str, degrees: float) -> Row:
    assert material.data is not None
    picture = photograph(material.data / "faces/images" / name)
    times_s = steady(2.0, 10.0)
    path = material.made(f"angle-{degrees:.0f}", times_s, lambda: _still(picture, times_s))
    yaw = float(abs(np.nanmedian(watched(model, path).column("yaw_deg"))))
    off = abs(yaw - degrees)
    return Row(f"head turned {degrees:.0f}°", f"{yaw:.0f}°", f"within {MOST_ANGLE_DEG:.0f}°", "", off <= MOST_ANGLE_DEG)


def _still(picture: Picture, times_s: list[float]) -> Iterator[Picture]:
    return (noisy(picture, round(1000 * time_s)) for time_s in times_s)


def _direction(turn: Turn) -> str:
    if turn.yaw_deg:
        return "LEFT" if turn.yaw_deg > 0 else "RIGHT"
    return "UP" if turn.pitch_deg > 0 else "DOWN"
