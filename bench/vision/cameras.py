"""What the camera does: black, frozen, a photograph held before it and the like, and clips in which it does nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from bench.vision.acts import Act, random_blinks
from bench.vision.clips import noisy, steady
from bench.vision.material import RATE_HZ, Material
from bench.vision.puppet import Puppet
from bench.vision.row import Row
from bench.vision.watching import watched
from scripts.make_sample.portrait import Picture
from servicekit.wire import Span
from services.vision.model import EventKind, VisionAnalyzer, VisionEvent

DURATION_S, FACES = 24.0, 2
TROUBLE, WHOLE = Span(8.0, 14.0), Span(0.0, DURATION_S)
LEAST_OVERLAP = 0.5
"""A finding counts when it shares this much of the true span, and no more than this much lies outside it."""
TILT, TILT_CAMERA_PX = math.radians(4.0), 860.0
"""How far a print is tilted, and how far away the camera is: 4.5 face widths."""
LOOP_S, LOW_RATE_HZ, PHOTOGRAPH_SHAKE_PX = 5.0, 3.0, 2.0
CALM_S, CALM = 12.0, (0.1, 0.3, 0.5)
"""People who listen: their liveliness, and for how long they do not blink."""
PLAIN_CLIPS = ("single_face.mp4", "WolfgangLanger_Pexels.mp4")
View = Callable[[Puppet, Act, float], Picture]


def rows(material: Material, model: VisionAnalyzer) -> Iterator[Row]:
    """A row a trouble, and one for clips without any."""
    faces = list(material.puppets)[:FACES]
    for name, (view, span) in TROUBLES.items():
        found, others = 0, set()
        for face in faces:
            events = _camera_events(model, _clip(material, name, face, view))
            found += any(event.kind.name == name and _overlap(event.span, span) > LEAST_OVERLAP for event in events)
            others |= {event.kind.name for event in events if event.kind.name != name}
        extra = f", also {', '.join(sorted(others))}" if others else ""
        yield Row(name.lower().replace("_", " "), f"{found} of {len(faces)}{extra}", "found", "", found == len(faces))
    yield _plain_row(material, model)
    yield from _print_rows(material, model)
    yield _calm_row(material, model)


def _plain_row(material: Material, model: VisionAnalyzer) -> Row:
    paths = [_clip(material, "plain", face, _plain) for face in material.puppets]
    if material.data is not None:
        paths += [material.data / "faces/clips" / name for name in PLAIN_CLIPS]
    false = [f"{path.stem} {event.kind.name}" for path in paths for event in _camera_events(model, path)]
    return Row("camera findings on plain clips", f"{len(false)} {' '.join(false)}", "0", "", not false)


def _print_rows(material: Material, model: VisionAnalyzer) -> Iterator[Row]:
    """Prints of every face, as hands hold them and as poor connections show them."""
    times_s = steady(CALM_S, RATE_HZ)
    for number, (what, (view, bit_rate)) in enumerate(PRINTS.items()):
        found = []
        for face, puppet in material.puppets.items():
            still = puppet.still()
            pictures = (noisy(view(still, time_s), round(1000 * time_s)) for time_s in times_s)
            path = material.made(f"print-{number}-{face}", times_s, lambda pictures=pictures: pictures, bit_rate)  # type: ignore[misc]
            found.append(bool(watched(model, path).spans(EventKind.CAMERA_PHOTOGRAPH)))
        yield Row(f"photographs {what}", f"{sum(found)} of {len(found)}", "found", "", all(found))


def _calm_row(material: Material, model: VisionAnalyzer) -> Row:
    """What photographs may be confused with: people who neither blink nor speak and move little."""
    taken = {}
    for liveliness in CALM:
        paths = [
            material.performed(f"calm-{liveliness}", face, Act(CALM_S, liveliness=liveliness))
            for face in material.puppets
        ]
        taken[liveliness] = [bool(watched(model, path).spans(EventKind.CAMERA_PHOTOGRAPH)) for path in paths]
    text = ", ".join(f"{sum(each)} of {len(each)} at {share} of usual movement" for share, each in taken.items())
    return Row(
        f"no blink, no word for {CALM_S:.0f} s taken for a photograph",
        text,
        "none",
        "",
        not any(map(any, taken.values())),
    )


def _camera_events(model: VisionAnalyzer, path: Path) -> list[VisionEvent]:
    return [event for event in watched(model, path).events if event.kind.name.startswith("CAMERA")]


def _clip(material: Material, name: str, face: str, view: View) -> Path:
    act, puppet = Act(DURATION_S, random_blinks(DURATION_S, 70)), material.puppets[face]
    times_s = steady(DURATION_S, RATE_HZ)
    if name == "CAMERA_SLOW":
        times_s = [at for i, at in enumerate(times_s) if not _troubled(at) or i % round(RATE_HZ / LOW_RATE_HZ) == 0]
    file_name = f"{name.lower().replace('_', '-')}-{face}"
    return material.made(file_name, times_s, lambda: (view(puppet, act, time_s) for time_s in times_s))


def _overlap(a: Span, b: Span) -> float:
    """Shared time over the time of both together."""
    shared = max(0.0, min(a.end_s, b.end_s) - max(a.start_s, b.start_s))
    return shared / (a.duration_s + b.duration_s - shared)


def _troubled(time_s: float) -> bool:
    return TROUBLE.start_s <= time_s < TROUBLE.end_s


def _plain(puppet: Puppet, act: Act, time_s: float) -> Picture:
    return noisy(puppet.posed(*act.pose(time_s)), round(1000 * time_s))


def _black(puppet: Puppet, act: Act, time_s: float) -> Picture:
    picture = _plain(puppet, act, time_s)
    return noisy(np.full_like(picture, 6), round(1000 * time_s)) if _troubled(time_s) else picture


def _frozen(puppet: Puppet, act: Act, time_s: float) -> Picture:
    return _plain(puppet, act, TROUBLE.start_s if _troubled(time_s) else time_s)


def _photograph(puppet: Puppet, _act: Act, time_s: float) -> Picture:
    return noisy(held(puppet.still(), time_s), round(1000 * time_s))


def held(photograph: Picture, time_s: float) -> Picture:
    """A print held by hand: it moves a little as a whole."""
    moved = cv2.getRotationMatrix2D((320, 240), 0.3 * math.sin(1.3 * time_s), 1 + 0.004 * math.sin(0.8 * time_s))
    shift = PHOTOGRAPH_SHAKE_PX * np.array((math.sin(1.7 * time_s), math.sin(2.3 * time_s + 1)))
    place = np.column_stack((moved[:, :2], moved[:, 2] + shift))
    return np.asarray(cv2.warpAffine(photograph, place, (640, 480), borderMode=cv2.BORDER_REFLECT), np.uint8)


def tilted(photograph: Picture, time_s: float) -> Picture:
    """A print that a restless hand shifts and tilts to and fro by 4 degrees: what is nearer gets larger."""
    leans = TILT * np.array((math.sin(1.3 * time_s + 1), math.sin(0.9 * time_s), 0.0))
    camera = np.array(((TILT_CAMERA_PX, 0, 320), (0, TILT_CAMERA_PX, 240), (0, 0, 1.0)))
    plane = np.column_stack((cv2.Rodrigues(leans)[0][:, :2], (0, 0, TILT_CAMERA_PX)))
    shift = 3 * PHOTOGRAPH_SHAKE_PX * np.array((math.sin(1.1 * time_s), math.sin(0.7 * time_s + 1)))
    there, here = np.eye(3), np.eye(3)
    there[:2, 2], here[:2, 2] = (-320, -240), shift
    place = here @ camera @ plane @ there
    return np.asarray(cv2.warpPerspective(photograph, place, (640, 480), borderMode=cv2.BORDER_REFLECT), np.uint8)


def _looped(puppet: Puppet, act: Act, time_s: float) -> Picture:
    return _plain(puppet, act, time_s % LOOP_S)


def _dark(puppet: Puppet, act: Act, time_s: float) -> Picture:
    picture = puppet.posed(*act.pose(time_s))
    dark = np.asarray(picture * 0.22, np.uint8) if _troubled(time_s) else picture
    return noisy(dark, round(1000 * time_s))


def _blurred(puppet: Puppet, act: Act, time_s: float) -> Picture:
    picture = puppet.posed(*act.pose(time_s))
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), 6.0), np.uint8) if _troubled(time_s) else picture
    return noisy(soft, round(1000 * time_s))


def _far(puppet: Puppet, act: Act, time_s: float) -> Picture:
    """The person at three times the distance: the picture at a third of its size in a plain room."""
    small = cv2.resize(puppet.posed(*act.pose(time_s)), (213, 160), interpolation=cv2.INTER_AREA)
    room = np.full((480, 640, 3), 120, np.uint8)
    room[160:320, 213:426] = small
    return noisy(room, round(1000 * time_s))


PRINTS: dict[str, tuple[Callable[[Picture, float], Picture], int | None]] = {
    "held": (held, None),
    "held, at 150 kbit/s": (held, 150_000),
    "tilted to and fro": (tilted, None),
}
TROUBLES: dict[str, tuple[View, Span]] = {
    "CAMERA_BLACK": (_black, TROUBLE),
    "CAMERA_FROZEN": (_frozen, TROUBLE),
    "CAMERA_PHOTOGRAPH": (_photograph, WHOLE),
    "CAMERA_LOOPED": (_looped, Span(LOOP_S, DURATION_S)),
    "CAMERA_DARK": (_dark, TROUBLE),
    "CAMERA_BLURRED": (_blurred, TROUBLE),
    "CAMERA_FAR": (_far, WHOLE),
    "CAMERA_SLOW": (_plain, TROUBLE),
}
"""Views by the name of the event that they should give, and when."""
