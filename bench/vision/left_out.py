"""Everything at once on persons on whom no constant was set, as they are and as people and recordings differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations
from pathlib import Path

import numpy as np

from bench.vision.acts import Act, Turn, random_blinks
from bench.vision.cameras import held, tilted
from bench.vision.clips import noisy, performed, steady
from bench.vision.counting import POSTER_SHARE, beside
from bench.vision.material import RATE_HZ, Material
from bench.vision.puppet import Puppet
from bench.vision.row import LEFT_OUT, Row
from bench.vision.scores import Score, matched
from bench.vision.strangers import STRANGERS, strangers
from bench.vision.variations import VARIATIONS, Variation
from bench.vision.watching import watched
from scripts.make_sample.portrait import Picture
from servicekit.wire import Span
from services.vision.faces.identities import DIFFERENT, stays
from services.vision.model import EventKind, VisionAnalyzer, VisionEvent

DURATION_S, STILL_S, POSTER_S, READING_S, POSTERS = 9.0, 12.0, 6.0, 25.0, 3
PERSONS = 2
"""Persons of each variation."""
LISTENING = 0.1
"""Liveliness of somebody who listens."""
PRINTS = {"held before the camera": held, "that a hand tilts to and fro": tilted}
TURNING_S = 0.4
LOOKS = (Turn(Span(5.0, 7.5), 25.0, 0.0),)
"""The first five seconds are honest: blinks, talk and small movements only."""
PLAIN = "as they are"
FALSE = set(EventKind) - {EventKind.BLINK, EventKind.LOOKING_AWAY}


@dataclass(slots=True)
class Tally:
    """What was right and wrong over several clips."""

    clips: int = 0
    blinks: Score = field(default_factory=lambda: Score(0, 0, 0))
    looks: int = 0
    false_looks: int = 0
    others: Counter[str] = field(default_factory=Counter)

    def add(self, truth: tuple[Span, ...], events: list[VisionEvent], eyes_seen: bool) -> None:
        """Compare one clip: blinks are counted where the head is not turned, of those whose eyes are seen."""
        self.clips += 1
        if eyes_seen:
            self.blinks += blinked(truth, [event.span for event in events if event.kind is EventKind.BLINK])
        away = [event.span for event in events if event.kind is EventKind.LOOKING_AWAY]
        hits = len(matched([look.span for look in LOOKS], away, slack_s=0.0))
        self.looks, self.false_looks = self.looks + hits, self.false_looks + len(away) - hits
        self.others.update(event.kind.name.lower() for event in events if event.kind in FALSE)

    @property
    def text(self) -> str:
        """Misses and false alarms."""
        b, wanted = self.blinks, self.clips * len(LOOKS)
        others = ", ".join(f"{count} {kind}" for kind, count in sorted(self.others.items())) or "none"
        return (
            f"blinks {b.missed} of {b.hits + b.missed} missed, {b.invented} false; "
            f"looks away {wanted - self.looks} of {wanted} missed, {self.false_looks} false; others false: {others}"
        )


Descriptors = dict[str, dict[str, np.ndarray]]
"""By person and by what their clip shows."""


def rows(material: Material, model: VisionAnalyzer, landmarker: Path) -> Iterator[Row]:
    """One row for the persons as they are, one a variation, then photographs, prints on the wall and descriptors."""
    if material.data is None:
        return
    persons = dict(strangers(landmarker, material.data))
    seen = [name for name in persons if STRANGERS[name].eyes_seen]
    plain, own = Tally(), Descriptors()
    for name in persons:
        own[name] = {PLAIN: _performed(material, model, plain, name, persons[name], PLAIN, Variation())}
    yield _row(PLAIN, plain)
    for number, (what, variation) in enumerate(VARIATIONS.items()):
        tally = Tally()
        for name in [seen[(number + each * len(seen) // PERSONS) % len(seen)] for each in range(PERSONS)]:
            own[name][what] = _performed(material, model, tally, name, persons[name], what, variation)
        yield _row(what, tally)
    yield from _photographs(material, model, persons)
    yield _listeners(material, model, {name: persons[name] for name in seen})
    yield _readers(material, model, {name: persons[name] for name in seen})
    yield _posters(material, model, {name: persons[name] for name in seen[:POSTERS]})
    own = {name: {what: each for what, each in clips.items() if each.size} for name, clips in own.items()}
    yield _descriptors({name: list(clips.values()) for name, clips in own.items()})
    yield _changes(own)


def _row(what: str, tally: Tally) -> Row:
    blinks_right = tally.blinks.f1 >= 0.9
    met = blinks_right and tally.looks == tally.clips * len(LOOKS) and not tally.false_looks and not tally.others
    return Row(f"persons {what}", tally.text, "none", "", met, LEFT_OUT, tally.clips)


def _performed(
    material: Material, model: VisionAnalyzer, tally: Tally, name: str, puppet: Puppet, what: str, variation: Variation
) -> np.ndarray:
    """Watch one person's clip; its face descriptor, empty without one."""
    seed = sum(map(ord, name + what))
    act = Act(DURATION_S, random_blinks(DURATION_S, seed), LOOKS, liveliness=0.6)
    times_s = steady(DURATION_S, variation.rate_hz)

    def pictures() -> Iterator[Picture]:
        person = puppet.dressed(variation.painted) if variation.painted else puppet
        person = person.wearing(variation.worn) if variation.worn else person
        for time_s in times_s:
            pose, pitch_deg = act.pose(time_s)
            shown = person.posed(pose, pitch_deg + variation.raised_deg)
            yield noisy(variation.taken(shown) if variation.taken else shown, round(1000 * time_s))

    file = f"left-out-{name}-{what.replace(' ', '-').replace('/', '-')}"
    seen = watched(model, material.made(file, times_s, pictures, variation.bit_rate))
    tally.add(act.blinks, seen.events, STRANGERS[name].eyes_seen)
    return np.array(seen.summary.face_descriptor)


def _photographs(material: Material, model: VisionAnalyzer, puppets: dict[str, Puppet]) -> Iterator[Row]:
    times_s = steady(STILL_S, RATE_HZ)
    for what, view in PRINTS.items():
        found = []
        for name, puppet in puppets.items():
            still = puppet.still()
            pictures = (noisy(view(still, time_s), round(1000 * time_s)) for time_s in times_s)
            file = f"left-out-{name}-{'print' if view is held else 'tilted'}"
            path = material.made(file, times_s, lambda pictures=pictures: pictures)  # type: ignore[misc]
            found.append(bool(watched(model, path).spans(EventKind.CAMERA_PHOTOGRAPH)))
        text = f"{len(found) - sum(found)} of {len(found)} missed"
        yield Row(f"photographs {what}", text, "none", "", all(found), LEFT_OUT, len(found))


def _listeners(material: Material, model: VisionAnalyzer, puppets: dict[str, Puppet]) -> Row:
    """Persons who hardly move and say nothing, but blink: no photographs."""
    false, times_s = [], steady(STILL_S, RATE_HZ)
    for number, (name, puppet) in enumerate(puppets.items()):
        act = Act(STILL_S, random_blinks(STILL_S, 40 + number), liveliness=LISTENING)
        pictures = (noisy(puppet.posed(*act.pose(time_s)), round(1000 * time_s)) for time_s in times_s)
        path = material.made(f"left-out-{name}-listening", times_s, lambda pictures=pictures: pictures)  # type: ignore[misc]
        false += [name] if watched(model, path).spans(EventKind.CAMERA_PHOTOGRAPH) else []
    text = f"{len(false)} of {len(puppets)} {' '.join(false)}".strip()
    return Row("listeners who hardly move taken for photographs", text, "none", "", not false, LEFT_OUT, len(puppets))


def _readers(material: Material, model: VisionAnalyzer, puppets: dict[str, Puppet]) -> Row:
    """Persons who read, and who talk and look about as usual."""
    found: dict[bool, list[bool]] = {True: [], False: []}
    times_s = steady(READING_S, RATE_HZ)
    for number, (name, puppet) in enumerate(puppets.items()):
        for reads, seen in found.items():
            act = Act(READING_S, random_blinks(READING_S, 60 + number), liveliness=0.5, reading=reads)
            file = f"left-out-{name}-{'reading' if reads else 'talking'}"
            path = material.made(file, times_s, lambda puppet=puppet, act=act: performed(puppet, act, times_s))  # type: ignore[misc]
            seen.append(bool(watched(model, path).spans(EventKind.READING)))
    text = f"{sum(found[True])} of {len(puppets)}, false in {sum(found[False])} of {len(puppets)}"
    return Row("reading (weak evidence)", text, "none false", "", not any(found[False]), LEFT_OUT, 2 * len(puppets))


def _posters(material: Material, model: VisionAnalyzer, puppets: dict[str, Puppet]) -> Row:
    """A portrait on the wall beside each person, and at half size the person itself beside: one of both is alive."""
    false, missed, names, times_s = 0, 0, list(puppets), steady(POSTER_S, RATE_HZ)
    act = Act(POSTER_S, random_blinks(POSTER_S, 91), liveliness=0.3)
    for first, second in zip(names, names[1:] + names[:1], strict=True):
        for alive in (False, True):

            def pictures(first: str = first, second: str = second, alive: bool = alive) -> Iterator[Picture]:
                still = puppets[second].still()
                for time_s in times_s:
                    other = puppets[second].posed(*act.pose(time_s + 40.0)) if alive else still
                    both = beside(puppets[first].posed(*act.pose(time_s)), other, POSTER_SHARE, shown=True)
                    yield noisy(both, round(1000 * time_s))

            file = f"left-out-{first}-{second}-{'visitor' if alive else 'poster'}"
            path = material.made(file, times_s, pictures)
            seen = bool(watched(model, path).spans(EventKind.SECOND_FACE))
            false, missed = false + (seen and not alive), missed + (alive and not seen)
    text = f"{missed} of {len(names)} second persons missed, {false} of {len(names)} portraits on the wall false"
    return Row(
        "second person or a portrait on the wall", text, "none", "", not false and not missed, LEFT_OUT, 2 * len(names)
    )


def _descriptors(own: dict[str, list[np.ndarray]]) -> Row:
    same = [float(np.linalg.norm(a - b)) for each in own.values() for a, b in combinations(each, 2)]
    other = [float(np.linalg.norm(a - b)) for one, two in combinations(own, 2) for a in own[one] for b in own[two]]
    wrong = sum(apart > DIFFERENT for apart in same), sum(apart <= DIFFERENT for apart in other)
    text = (
        f"{min(same):.2f} to {max(same):.2f} over variations ({wrong[0]} of {len(same)} over {DIFFERENT}); "
        f"others {min(other):.2f} to {max(other):.2f} ({wrong[1]} of {len(other)} under it)"
    )
    return Row(
        "faces: one person, two persons",
        text,
        f"apart at {DIFFERENT}",
        "",
        not any(wrong),
        LEFT_OUT,
        len(same) + len(other),
    )


def _changes(own: Descriptors) -> Row:
    """Recordings made of the looks at two persons, with a break between them, and at one person who changes."""
    missed: list[str] = []
    false: list[tuple[str, bool]] = []
    for one, two in permutations(own, 2):
        looks = [each for name in (one, two) for each in _twice(list(own[name].values()))]
        missed += [] if any(stays(np.array(looks))) else [f"{one}, {two}"]
    varied = [(name, what) for name, clips in own.items() for what in clips if what != PLAIN and PLAIN in clips]
    for name, what in varied:
        looks = _twice([own[name][PLAIN]]) + _twice([own[name][what]])
        false += [(what, stay.distance > DIFFERENT) for stay in stays(np.array(looks))]
    pairs = len(own) * (len(own) - 1)
    text = (
        f"{len(missed)} of {pairs} changes of the person missed {'; '.join(missed)}, "
        f"{len(false)} of {len(varied)} changes of light, clothes or camera false "
        f"({', '.join(what for what, _ in false)}), {sum(sure for _, sure in false)} of them without a break"
    )
    return Row(
        "faces: somebody else in one recording",
        text,
        "none",
        "",
        not missed and not false,
        LEFT_OUT,
        pairs + len(varied),
    )


def _twice(looks: list[np.ndarray]) -> list[np.ndarray]:
    """At least two looks, as a person needs to be one."""
    return looks if len(looks) > 1 else 2 * looks


def blinked(truth: Sequence[Span], found: Sequence[Span]) -> Score:
    """Blinks while the head is not turned; one found a little outside of a true one that is left out is not false."""
    pairs = matched(truth, found)
    counted = [number for number, blink in enumerate(truth) if _ahead(blink)]
    hits = sum(number in dict(pairs) for number in counted)
    false = set(range(len(found))) - {number for _, number in pairs}
    return Score(hits, len(counted) - hits, sum(_ahead(found[number]) for number in false))


def _ahead(blink: Span) -> bool:
    """Whether the head is not turned then, nor shortly before or after."""
    return all(
        blink.end_s < look.span.start_s - TURNING_S or blink.start_s > look.span.end_s + TURNING_S for look in LOOKS
    )
