"""Everything at once on persons on whom no constant was set, as they are and as people and recordings differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np

from bench.vision.acts import Act, Turn, random_blinks
from bench.vision.cameras import held
from bench.vision.clips import noisy, steady
from bench.vision.counting import POSTER_SHARE, beside
from bench.vision.material import RATE_HZ, Material
from bench.vision.puppet import Puppet
from bench.vision.row import LEFT_OUT, Row
from bench.vision.scores import Score, matched, score
from bench.vision.strangers import strangers
from bench.vision.variations import VARIATIONS, Variation
from bench.vision.watching import watched
from scripts.make_sample.portrait import Picture
from servicekit.wire import Span
from services.vision.faces.identities import DIFFERENT
from services.vision.model import EventKind, VisionAnalyzer, VisionEvent

DURATION_S, STILL_S, POSTER_S, POSTERS = 9.0, 12.0, 6.0, 3
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

    def add(self, truth: tuple[Span, ...], events: list[VisionEvent]) -> None:
        """Compare one clip: blinks are counted where the head is not turned."""
        self.clips += 1
        turned = [Span(look.span.start_s - 0.4, look.span.end_s + 0.4) for look in LOOKS]
        found = [event.span for event in events if event.kind is EventKind.BLINK]
        self.blinks += score(_outside(truth, turned), _outside(found, turned))
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


def rows(material: Material, model: VisionAnalyzer, landmarker: Path) -> Iterator[Row]:
    """One row for the persons as they are, one a variation, then photographs, prints on the wall and descriptors."""
    if material.data is None:
        return
    persons = dict(strangers(landmarker, material.data))
    names, descriptors = list(persons), {}
    plain = Tally()
    for name in names:
        descriptors[name] = [_performed(material, model, plain, name, persons[name], PLAIN, Variation())]
    yield _row(PLAIN, plain)
    for number, (what, variation) in enumerate(VARIATIONS.items()):
        tally, name = Tally(), names[number % len(names)]
        descriptors[name].append(_performed(material, model, tally, name, persons[name], what, variation))
        yield _row(what, tally)
    yield _photographs(material, model, persons)
    yield _posters(material, model, persons)
    yield _descriptors({name: [each for each in own if each.size] for name, own in descriptors.items()})


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
        for time_s in times_s:
            pose, pitch_deg = act.pose(time_s)
            shown = person.posed(pose, pitch_deg + variation.raised_deg)
            yield noisy(variation.taken(shown) if variation.taken else shown, round(1000 * time_s))

    file = f"left-out-{name}-{what.replace(' ', '-').replace('/', '-')}"
    seen = watched(model, material.made(file, times_s, pictures, variation.bit_rate))
    tally.add(act.blinks, seen.events)
    return np.array(seen.summary.face_descriptor)


def _photographs(material: Material, model: VisionAnalyzer, puppets: dict[str, Puppet]) -> Row:
    found, times_s = 0, steady(STILL_S, RATE_HZ)
    for name, puppet in puppets.items():
        still = puppet.still()
        pictures = (noisy(held(still, time_s), round(1000 * time_s)) for time_s in times_s)
        path = material.made(f"left-out-{name}-print", times_s, lambda pictures=pictures: pictures)  # type: ignore[misc]
        found += bool(watched(model, path).spans(EventKind.CAMERA_PHOTOGRAPH))
    text = f"{len(puppets) - found} of {len(puppets)} missed"
    return Row("photographs held before the camera", text, "none", "", found == len(puppets), LEFT_OUT, len(puppets))


def _posters(material: Material, model: VisionAnalyzer, puppets: dict[str, Puppet]) -> Row:
    """A portrait on the wall beside each person, and at half size the person itself beside: one of both is alive."""
    false, missed, names, times_s = 0, 0, list(puppets)[:POSTERS], steady(POSTER_S, RATE_HZ)
    act = Act(POSTER_S, random_blinks(POSTER_S, 91), liveliness=0.3)
    for first, second in zip(names, names[1:] + names[:1], strict=True):
        for alive in (False, True):

            def pictures(first: str = first, second: str = second, alive: bool = alive) -> Iterator[Picture]:
                still = puppets[second].still()
                for time_s in times_s:
                    other = puppets[second].posed(*act.pose(time_s + 40.0)) if alive else still
                    both = beside(puppets[first].posed(*act.pose(time_s)), other, POSTER_SHARE, shown=True)
                    yield noisy(both, round(1000 * time_s))

            path = material.made(f"left-out-{first}-{'visitor' if alive else 'poster'}", times_s, pictures)
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


def _outside(spans: tuple[Span, ...] | list[Span], turned: list[Span]) -> list[Span]:
    return [span for span in spans if all(span.end_s < other.start_s or span.start_s > other.end_s for other in turned)]
