"""Whether one person is in the picture all the time, from face descriptors. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from servicekit.wire import Span
from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.runs import Run, joined_runs
from services.vision.series import Identities, Series
from services.vision.settings import Limits

DIFFERENT = 0.60
"""Distance of two descriptors from which two people are in them; dlib's own limit."""
CHANGED = 0.50
"""The same after a break, since people who look alike are less than `DIFFERENT` apart. Within seven clips of four
people 0.04 to 0.45; glasses or a mask that are put on can be 0.60, but nobody leaves the picture for them."""
AWAY_S, CUT = 0.5, 30.0
"""A break: so long without a face, or so large a mean change of the whole picture, of 255, from one look to the next.
People who talk and turn stay under 8, clips filmed by hand under 20."""
MORE_THAN_WITHIN = 0.15
"""By how much two sides of a change must differ more than each does within itself: light changes as well."""
FEWEST_A_SIDE, BRIDGED_LOOKS, RECALLED = 2, 2.0, 5
"""Looks that a person needs to be one; a single odd look between two does not divide a stay; so many of a person's
latest looks are recalled."""
MOST_COMPARED = 240
"""Of more looks, every second, third and so on is compared: time grows with their cube, memory with their square."""
SURE_DISTANCE = 0.4
"""Confidence rises from half at `DIFFERENT` to nearly full so much further apart: not calibrated."""
DESCRIPTOR = 128
"""Numbers of a descriptor."""


def typical(identities: Identities) -> Floats | None:
    """The descriptor in the middle of all, shape (128,); None without any."""
    if not len(identities.descriptors):
        return None
    compared = identities.descriptors[:: _step(identities)]
    return np.asarray(compared[int(_distances(compared).sum(axis=0).argmin())])


@dataclass(frozen=True, slots=True)
class Stay:
    """Looks `run` in a row that show another person than at the beginning, and how far the two are apart."""

    run: Run
    distance: float


def change_events(series: Series, _limits: Limits) -> list[VisionEvent]:
    """Where another person is in the picture than at the beginning: to the end, or until the first one is back."""
    identities = series.identities
    step = _step(identities)
    times, found = identities.offset_s[::step], stays(identities.descriptors[::step])
    return [
        _event(times, stay, series.video.duration_s)
        for stay in found
        if stay.distance > DIFFERENT or _broken(series, *times[stay.run.first - 1 : stay.run.first + 1])
    ]


def _broken(series: Series, start_s: float, end_s: float) -> bool:
    """Whether the face was away or the picture was cut between two times."""
    faces, camera = series.faces, series.camera
    present = faces.offset_s[faces.present & (faces.offset_s > start_s) & (faces.offset_s < end_s)]
    away_s = float(np.diff(present, prepend=start_s, append=end_s).max())
    between = (camera.offset_s > start_s) & (camera.offset_s <= end_s)
    return away_s >= AWAY_S or bool((camera.difference[between] > CUT).any())


def _event(times: Floats, stay: Stay, end_s: float) -> VisionEvent:
    first, last = stay.run.first, stay.run.last
    start_s = float(times[first - 1 : first + 1].mean())
    when = Span(start_s, float(times[last : last + 2].mean()) if last + 1 < len(times) else end_s)
    confidence = min(1.0, 0.5 + (stay.distance - DIFFERENT) / SURE_DISTANCE)
    return VisionEvent(EventKind.PERSON_CHANGED, when, float(times[first]), stay.distance, confidence)


def stays(descriptors: Floats) -> Iterator[Stay]:
    """Stays of others than the first person in the descriptors of one recording, shape (n, 128)."""
    distances = _distances(descriptors)
    if not (persons := _persons(distances)):
        return
    first, looks = persons[0], np.arange(len(distances))
    for person in persons[1:]:
        flags = np.isin(looks, person)
        for run in joined_runs(flags, looks.astype(np.float64), BRIDGED_LOOKS):
            stay = looks[run.samples][flags[run.samples]]
            between = float(np.median(distances[first][:, stay]))
            within = max(_spread(distances[first][:, first]), _spread(distances[stay][:, stay]))
            if len(stay) >= FEWEST_A_SIDE and between > CHANGED and between > within + MORE_THAN_WITHIN:
                yield Stay(run, between)


def _persons(distances: Floats) -> list[list[int]]:
    """Looks by person, each of at least `FEWEST_A_SIDE`, in order of appearance.

    A look belongs to the person whose latest looks it is closest to, which follows slow changes of the light; without
    one that is close enough it is somebody new.
    """
    persons: list[list[int]] = []
    for look in range(len(distances)):
        apart = [float(np.median(distances[look, person[-RECALLED:]])) for person in persons]
        if apart and min(apart) <= CHANGED:
            persons[int(np.argmin(apart))].append(look)
        else:
            persons.append([look])
    return [person for person in persons if len(person) >= FEWEST_A_SIDE]


def _step(identities: Identities) -> int:
    return max(1, -(-len(identities.descriptors) // MOST_COMPARED))


def _distances(descriptors: Floats) -> Floats:
    return np.asarray(np.linalg.norm(descriptors[:, None] - descriptors[None], axis=2))


def _spread(distances: Floats) -> float:
    """Median distance within a side."""
    upper = distances[np.triu_indices(len(distances), 1)]
    return float(np.median(upper)) if upper.size else 0.0
